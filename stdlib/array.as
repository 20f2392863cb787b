# Arrays of numbers or characters of one type; the class is native.

from _array import array
from collections.abc import MutableSequence

ArrayType = array
typecodes = "bBuwhHiIlLqQfd"

MutableSequence.register(array)

del MutableSequence

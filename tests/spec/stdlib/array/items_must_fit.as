# Items are checked by the type code; what has no `__index__` is refused.
from array import array

for code, item in [("b", 128), ("B", -1), ("i", 2 ** 31), ("Q", -1), ("h", "x"), ("d", None), ("w", "ab")]:
    try:
        array(code, [item])
    except (OverflowError, TypeError) as error:
        print(error)
# expect: signed char is greater than maximum
# expect: unsigned byte integer is less than minimum
# expect: signed integer is greater than maximum
# expect: can't convert negative int to unsigned
# expect: 'str' object cannot be interpreted as an integer
# expect: must be real number, not NoneType
# expect: array item must be unicode character

import math as m
from math import sqrt as root, floor
import collections.abc
print(m.pi > 3, root(16), floor(2.5))   # expect: True 4.0 2
print(issubclass(list, collections.abc.Sequence))   # expect: True
try:
    import no_such_module
except ModuleNotFoundError as error:
    print(error, error.name)   # expect: No module named 'no_such_module' no_such_module
try:
    from math import nothing
except ImportError as error:
    print(str(error).split("(")[0])   # expect: cannot import name 'nothing' from 'math'

C = type("C", (dict,), {"x": 1, "method": lambda self: len(self)})
c = C(a=1)
print(C.__name__, C.x, c.method(), c, C.__mro__[1])   # expect: C 1 1 {'a': 1} <class 'dict'>
try:
    type("D", (int, str), {})
except TypeError as error:
    print(error)   # expect: multiple bases have instance lay-out conflict

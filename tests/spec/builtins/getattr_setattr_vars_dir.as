class A:
    b = 1
a = A()
setattr(a, "c", 2)
print(getattr(a, "b"), getattr(a, "zz", "default"), vars(a), hasattr(a, "c"), [n for n in dir(a) if not n.startswith("_")])   # expect: 1 default {'c': 2} True ['b', 'c']
delattr(a, "c")
for action in (lambda: a.c, lambda: delattr(a, "b"), lambda: setattr(a, 1, 2), lambda: getattr(5, "x")):
    try:
        action()
    except (AttributeError, TypeError) as error:
        print(error)   # expect: 'A' object has no attribute 'c'
        # expect: 'A' object has no attribute 'b'
        # expect: attribute name must be string, not 'int'
        # expect: 'int' object has no attribute 'x'

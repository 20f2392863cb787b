actions = {
    "add": lambda: 1 + "a", "sub": lambda: "a" - 1, "call": lambda: (5)(), "item": lambda: (5)[0], "neg": lambda: -"a",
    "len": lambda: len(5), "iter": lambda: [*5], "attr": lambda: None.x, "set": lambda: "abc".__setitem__,
    "in": lambda: 1 in 5, "compare": lambda: 1 < "a", "index": lambda: [1]["a"], "store": lambda: exec("(1)[0] = 2"),
}
for name, action in actions.items():
    try:
        action()
    except (TypeError, AttributeError) as error:
        print(f"{name}: {error}")   # expect: add: unsupported operand type(s) for +: 'int' and 'str'
        # expect: sub: unsupported operand type(s) for -: 'str' and 'int'
        # expect: call: 'int' object is not callable
        # expect: item: 'int' object is not subscriptable
        # expect: neg: bad operand type for unary -: 'str'
        # expect: len: object of type 'int' has no len()
        # expect: iter: Value after * must be an iterable, not int
        # expect: attr: 'NoneType' object has no attribute 'x'
        # expect: set: 'str' object has no attribute '__setitem__'
        # expect: in: argument of type 'int' is not iterable
        # expect: compare: '<' not supported between instances of 'int' and 'str'
        # expect: index: list indices must be integers or slices, not str
        # expect: store: 'int' object does not support item assignment

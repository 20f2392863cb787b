def f(a, b=2):
    first = locals()
    c = 3
    first["a"] = 100
    print(a, first)   # expect: 1 {'a': 100, 'b': 2}
    print(locals())   # expect: {'a': 1, 'b': 2, 'first': {'a': 100, 'b': 2}, 'c': 3}
f(1)

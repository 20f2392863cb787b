a, (b, *c), *d = 1, (2, 3, 4), 5, 6
print(a, b, c, d)   # expect: 1 2 [3, 4] [5, 6]
first, *rest = "xyz"
print(first, rest)   # expect: x ['y', 'z']
[*head, last] = range(3)
print(head, last)   # expect: [0, 1] 2
print([*range(2), *"ab"], {**{"a": 1}, "b": 2, **{"a": 3}}, (*[], 1))   # expect: [0, 1, 'a', 'b'] {'a': 3, 'b': 2} (1,)

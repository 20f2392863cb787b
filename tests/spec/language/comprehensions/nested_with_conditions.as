print([x * y for x in range(4) if x % 2 for y in range(3) if y])   # expect: [1, 2, 3, 6]
print({key: [c for c in key] for key in ("ab", "c")})   # expect: {'ab': ['a', 'b'], 'c': ['c']}
print({n % 3 for n in range(10)} == {0, 1, 2})   # expect: True
print([[row[i] for row in [[1, 2], [3, 4]]] for i in range(2)])   # expect: [[1, 3], [2, 4]]

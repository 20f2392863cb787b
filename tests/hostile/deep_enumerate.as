# ends: RecursionError
x = iter([1])
for _ in range(100000): x = enumerate(x)
next(x)

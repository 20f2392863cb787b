# ends: RecursionError
x = iter([1])
for _ in range(100000): x = filter(None, x)
next(x)

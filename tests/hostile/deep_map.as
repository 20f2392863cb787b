# ends: RecursionError
x = iter([1])
for _ in range(100000): x = map(abs, x)
next(x)

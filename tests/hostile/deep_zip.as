# ends: RecursionError
x = [1]
for _ in range(100000): x = zip(x)
next(x)

# ends: RecursionError
def g(inner):
    yield from inner
x = iter([1])
for _ in range(100000): x = g(x)
list(x)

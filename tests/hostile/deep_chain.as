# ends: RecursionError
import itertools
x = iter([1])
for _ in range(100000): x = itertools.chain(x)
next(x)

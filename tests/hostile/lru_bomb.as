# ends: MemoryError
import functools
@functools.lru_cache(maxsize=None)
def f(n): return [0] * 1000
i = 0
while True:
    f(i)
    i += 1

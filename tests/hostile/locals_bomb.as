# ends: MemoryError
def f(**kwargs): return f(**kwargs, **{"x" * len(kwargs): [0] * 100000})
import sys
sys.setrecursionlimit(10**6)
f()

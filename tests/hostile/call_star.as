# ends: MemoryError or RecursionError or TypeError
def f(*args): return len(args)
f(*range(10**9))

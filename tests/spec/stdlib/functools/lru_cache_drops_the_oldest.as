from functools import lru_cache

@lru_cache(maxsize=2)
def double(x):
    print("called", x)
    return x * 2

double(1)   # expect: called 1
double(1)
double(2)   # expect: called 2
double(3)   # expect: called 3
double(1)   # expect: called 1
print(double.cache_info())         # expect: CacheInfo(hits=1, misses=4, maxsize=2, currsize=2)
print(double.cache_parameters())   # expect: {'maxsize': 2, 'typed': False}

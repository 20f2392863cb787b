# ends: MemoryError
import itertools
itertools.product(range(10**9))

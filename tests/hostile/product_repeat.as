# ends: MemoryError or OverflowError
import itertools
itertools.product([1, 2], repeat=10**12)

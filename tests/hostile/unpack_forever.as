# ends: MemoryError
import itertools
a, *b = itertools.count()

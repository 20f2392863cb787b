# ends: MemoryError
import itertools
list(itertools.cycle([1]))

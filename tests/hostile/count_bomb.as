# ends: MemoryError
import itertools
set(itertools.count())

# ends: stopped or MemoryError
import itertools
sum(([0] for _ in itertools.count()), [])

# ends: MemoryError
import itertools
"".join(itertools.repeat("abc"))

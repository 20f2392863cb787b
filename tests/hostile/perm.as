# ends: MemoryError or OverflowError
import math
math.perm(10**18, 10**9)

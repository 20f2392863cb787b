# ends: MemoryError or OverflowError
import math
math.comb(10**18, 10**9)

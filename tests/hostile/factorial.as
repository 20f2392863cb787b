# ends: MemoryError or OverflowError
import math
n = 1
for i in range(40):
    n = math.factorial(10**i)

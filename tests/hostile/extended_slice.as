# ends: MemoryError
a = [0] * 10
a[0:0] = range(10**12)

# ends: MemoryError
print(*range(10**9))

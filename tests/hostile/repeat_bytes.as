# ends: MemoryError
b"abc" * 10**10

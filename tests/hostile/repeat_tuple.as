# ends: MemoryError
(1, 2) * 10**10

# ends: MemoryError
"x".zfill(10**12)

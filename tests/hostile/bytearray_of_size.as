# ends: MemoryError
bytearray(10**12)

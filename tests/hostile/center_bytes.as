# ends: MemoryError
b"x".center(10**11)

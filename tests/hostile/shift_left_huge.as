# ends: MemoryError or OverflowError
1 << (1 << 62)

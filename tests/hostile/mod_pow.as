# ends: MemoryError
while True: pow(3, 1 << 200000, (1 << 200000) + 1)

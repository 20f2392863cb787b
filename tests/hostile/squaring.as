# ends: MemoryError
n = 3
while True: n *= n

# ends: MemoryError or OverflowError
n = 2
while True: n = n ** n

# ends: MemoryError
a = [1]
while True: a[1:1] = a

# ends: MemoryError or stopped
a = []
while True: a.insert(0, 1)

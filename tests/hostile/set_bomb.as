# ends: MemoryError
s = set(range(10))
while True: s |= {x + len(s) for x in s}

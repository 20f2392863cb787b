# ends: MemoryError
d, n = {}, 0
while True:
    d.update((i, i) for i in range(n, n + 1000))
    n += 1000

# ends: MemoryError
x = [0]
for _ in range(100): x = list(zip(*[x * 10] * 10))

# ends: MemoryError
zip(*[range(10)] * 10**8)

# ends: MemoryError
s = "x" * 100000
s.join(["y"] * 1000000)

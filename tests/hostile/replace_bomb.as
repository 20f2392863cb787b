# ends: MemoryError
s = "x" * 1000
for _ in range(10): s = s.replace("x", s)

# ends: MemoryError
s = "{0}" * 100000
s.format("x" * 100000)

# ends: MemoryError
"x".ljust(10**9, "\u1234")

# ends: MemoryError or ValueError
f"{1.5:.1000000000f}"

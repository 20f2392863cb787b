# ends: MemoryError or stopped
keep = []
while True: keep.append(type("A", (), {"x": [0] * 1000}))

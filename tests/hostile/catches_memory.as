# ends: stopped
keep = []
while True:
    try: keep.append([0] * 100000)
    except MemoryError: pass

# ends: MemoryError
d = {0: 0}
while True: d.update({k + len(d): k for k in d})

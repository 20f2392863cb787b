# ends: normally
class H:
    n = 0
    def __hash__(self):
        H.n += 1
        return H.n
    def __eq__(self, other): return False
d = {}
keys = [H() for _ in range(100)]
for _ in range(20):
    for key in keys: d[key] = 1
for key in keys: d.pop(key, None)
print(len(d) <= 2000)

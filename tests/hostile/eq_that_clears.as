# ends: normally
class K:
    def __hash__(self): return 1
    def __eq__(self, other):
        d.clear()
        s.clear()
        return False
d, s = {}, set()
for _ in range(200):
    d[K()] = 1
    s.add(K())
print(len(d) <= 200)

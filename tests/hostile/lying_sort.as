# ends: normally
class L:
    n = 0
    def __lt__(self, other):
        L.n += 1
        return L.n % 3 != 0
items = [L() for _ in range(3000)]
print(len(sorted(items)) == 3000)

# ends: ValueError
class L:
    def __lt__(self, other):
        items.append(L())
        return True
items = [L() for _ in range(50)]
items.sort()

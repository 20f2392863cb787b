# `bytes(list)` reads the list as it is, whatever `__index__` of an item does to it.
class Clears:
    def __index__(self):
        items.clear()
        return 42


items = [Clears(), Clears()]
print(bytes(items))                             # expect: b'*'

import copy

class Node:
    def __init__(self):
        self.items = [1]
        self.me = self

old = Node()
new = copy.deepcopy(old)
print(new.me is new, new.items, new.items is old.items)   # expect: True [1] False
a = [1]
a.append(a)
b = copy.deepcopy(a)
print(b[1] is b, b is a)   # expect: True False

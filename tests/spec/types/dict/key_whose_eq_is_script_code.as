class Key:
    def __init__(self, name): self.name = name
    def __hash__(self): return 1
    def __eq__(self, other):
        print("compare", self.name, other.name)   # expect: compare a b
        # expect: compare a b
        # expect: compare b b
        return self.name == other.name
    def __repr__(self): return self.name

a, b = Key("a"), Key("b")
d = {a: 1}
d[b] = 2
print(d[Key("b")])   # expect: 2
# expect: compare a c
# expect: compare b c
print(d, Key("c") in d)   # expect: {a: 1, b: 2} False

class Key:
    def __init__(self, n): self.n = n
    def __eq__(self, other): return self.n == other.n
    def __hash__(self): return hash(self.n)
class Unhashable:
    def __eq__(self, other): return True

print({Key(1): "a", Key(2): "b"}[Key(1)], len({Key(1), Key(1), Key(2)}))   # expect: a 2
try:
    {Unhashable()}
except TypeError as error:
    print(error)   # expect: unhashable type: 'Unhashable'

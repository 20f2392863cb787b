class Meters:
    def __init__(self, n): self.n = n
    def __add__(self, other):
        return Meters(self.n + other.n) if isinstance(other, Meters) else NotImplemented
    def __radd__(self, other):
        return Meters(self.n + other)
    def __imul__(self, factor):
        self.n *= factor
        return self
    def __eq__(self, other):
        return isinstance(other, Meters) and self.n == other.n
    def __repr__(self): return f"{self.n}m"

print(Meters(1) + Meters(2), 5 + Meters(2), sum([Meters(1), Meters(2)]))   # expect: 3m 7m 3m
m = n = Meters(4)
m *= 3
print(n, m is n, m == Meters(12), m != Meters(12))   # expect: 12m True True False
try:
    Meters(1) + 1
except TypeError as error:
    print(error)   # expect: unsupported operand type(s) for +: 'Meters' and 'int'

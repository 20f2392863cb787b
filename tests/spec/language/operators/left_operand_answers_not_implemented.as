asked = []
class Length:
    def __init__(self, n): self.n = n
    def __add__(self, other):
        asked.append("add")
        return Length(self.n + other.n) if isinstance(other, Length) else NotImplemented
    def __iadd__(self, other):
        asked.append("iadd")
        return NotImplemented
    def __eq__(self, other):
        asked.append("eq")
        return self.n == other.n if isinstance(other, Length) else NotImplemented
    def __lt__(self, other):
        asked.append("lt")
        return NotImplemented
a, b = Length(1), Length(2)
print((a + b).n, a == b, a == 1, a != b)   # expect: 3 False False True
a += b
print(a.n, asked)   # expect: 3 ['add', 'eq', 'eq', 'eq', 'iadd', 'add']
for text in ("a + 1", "a < b", "a < 1 if a else 0", "b += 'x'"):
    asked.clear()
    try:
        exec(text)
    except TypeError as error:
        print(asked, error)
# expect: ['add'] unsupported operand type(s) for +: 'Length' and 'int'
# expect: ['lt'] '<' not supported between instances of 'Length' and 'Length'
# expect: ['lt'] '<' not supported between instances of 'Length' and 'int'
# expect: ['iadd', 'add'] unsupported operand type(s) for +=: 'Length' and 'str'

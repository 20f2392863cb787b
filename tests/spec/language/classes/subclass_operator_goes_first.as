class Base:
    def __add__(self, other): return "Base.__add__"
    def __radd__(self, other): return "Base.__radd__"
class Child(Base):
    def __radd__(self, other): return "Child.__radd__"
class Plain(Base): ...

print(Base() + Child())   # expect: Child.__radd__
print(Base() + Plain())   # expect: Base.__add__
print(Child() + Base())   # expect: Base.__add__

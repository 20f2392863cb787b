# ends: normally
bases = tuple(type(f"B{i}", (), {}) for i in range(500))
A = type("A", bases, {})
print(len(A.__mro__) == 502)

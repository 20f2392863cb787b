# ends: normally
A = object
for i in range(3000): A = type("A", (A,), {})
print(len(A.__mro__) == 3001)

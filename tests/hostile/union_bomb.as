# ends: normally
t = int
for i in range(2000): t = t | type(f"A{i}", (), {})
print("fine")

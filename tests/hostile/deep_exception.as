# ends: normally
e = None
for _ in range(10**5):
    new = ValueError()
    new.__context__ = e
    e = new
del e, new
print("fine")

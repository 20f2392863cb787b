# ends: ValueError
e = None
for _ in range(10**5):
    new = ValueError("x")
    new.__cause__ = e
    e = new
raise e

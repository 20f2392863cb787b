def generator():
    yield 1
    return {"a": 1}

g = generator()
next(g)
try:
    next(g)
except StopIteration as stop:
    print(stop.value)   # expect: {'a': 1}
print(next(g, "none left"))   # expect: none left

def generator():
    yield 1
    raise StopIteration("too early")

g = generator()
print(next(g))   # expect: 1
try:
    next(g)
except RuntimeError as error:
    print(error, repr(error.__cause__))   # expect: generator raised StopIteration StopIteration('too early')

from functools import partial
def count(n):
    yield from range(n)
    return "unseen"
numbers = count(2)
value = "before"
print(next(numbers, None), next(numbers, None), next(numbers, "end"), next(numbers, "end"))   # expect: 0 1 end end
def fails():
    yield 1
    raise KeyError("broken")
broken = fails()
next(broken)
try:
    value = next(broken, "default")
except KeyError as error:
    print(value, error, next(broken, "over"))   # expect: before 'broken' over
print(partial(next, count(0))("given"), list(map(next, [count(1), count(0)], ["a", "b"])))   # expect: given [0, 'b']

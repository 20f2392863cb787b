def f(a, b=2, /, c=3, *args, d, e=5, **kwargs):
    return a, b, c, args, d, e, kwargs

print(f(1, d=4))   # expect: (1, 2, 3, (), 4, 5, {})
print(f(1, 2, 3, 4, 5, d=6, x=7))   # expect: (1, 2, 3, (4, 5), 6, 5, {'x': 7})
print(f(*range(5), **{"d": 0, "b": "free"}))   # expect: (0, 1, 2, (3, 4), 0, 5, {'b': 'free'})
try:
    f(1)
except TypeError as error:
    print(error)   # expect: f() missing 1 required keyword-only argument: 'd'
try:
    f(a=1, d=2)
except TypeError as error:
    print(error)   # expect: f() missing 1 required positional argument: 'a'

import functools
import inspect

def function(a, b=1, /, c=2, *rest, d: int, e="x", **more) -> list[int]:
    pass

class Class:
    def __init__(self, x, y=2):
        pass

    def method(self, z):
        pass

print(inspect.signature(function))   # expect: (a, b=1, /, c=2, *rest, d: int, e='x', **more) -> list[int]
print(inspect.signature(Class), inspect.signature(Class(1).method))   # expect: (x, y=2) (z)
print(inspect.signature(functools.partial(function, 1, c=5)))         # expect: (b=1, /, *, c=5, d: int, e='x', **more) -> list[int]
bound = inspect.signature(function).bind(1, d=2)
bound.apply_defaults()
print(bound.args, bound.kwargs)   # expect: (1, 1, 2) {'d': 2, 'e': 'x'}

def f(a, b=1, *, c=2):
    """Doc."""
    return a
f.extra = 5
print(f.__name__, f.__doc__, f.__defaults__, f.__kwdefaults__, f.extra, f.__code__.co_varnames, f.__code__.co_argcount)   # expect: f Doc. (1,) {'c': 2} 5 ('a', 'b', 'c') 2
f.__name__ = "g"
f.__defaults__ = (10,)
print(f.__name__, f.__qualname__, f(3), (lambda: 0).__name__, f.__module__)   # expect: g f 3 <lambda> __main__

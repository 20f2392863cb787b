def f(a: int, b: "later" = 2, *args: str, **kwargs: float) -> list: ...
class C:
    x: int = 1
    y: str
print(f.__annotations__)   # expect: {'a': <class 'int'>, 'b': 'later', 'args': <class 'str'>, 'kwargs': <class 'float'>, 'return': <class 'list'>}
print(C.__annotations__, hasattr(C, "y"))   # expect: {'x': <class 'int'>, 'y': <class 'str'>} False

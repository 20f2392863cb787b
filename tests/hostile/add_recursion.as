# ends: RecursionError
class A:
    def __add__(self, other): return other + self
    __radd__ = __add__
A() + A()

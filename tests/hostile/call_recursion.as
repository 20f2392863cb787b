# ends: RecursionError
class A:
    def __call__(self): return A()()
A()()

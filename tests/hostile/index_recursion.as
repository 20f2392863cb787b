# ends: RecursionError
class A:
    def __index__(self): return [0][self]
[0][A()]

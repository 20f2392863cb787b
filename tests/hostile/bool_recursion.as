# ends: RecursionError
class A:
    def __bool__(self): return bool(A())
if A(): pass

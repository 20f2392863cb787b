# ends: RecursionError
class A:
    def __lt__(self, other): return other < self
sorted([A(), A(), A()])

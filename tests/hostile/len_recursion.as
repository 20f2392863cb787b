# ends: RecursionError
class A:
    def __len__(self): return len(A())
len(A())

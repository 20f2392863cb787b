# ends: RecursionError
class A:
    def __enter__(self): return self
    def __exit__(self, *args):
        with A(): raise ValueError
with A(): raise ValueError

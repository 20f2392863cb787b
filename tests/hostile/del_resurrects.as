# ends: normally
import gc
class A:
    n = 0
    def __del__(self):
        A.n += 1
        keep.append(self)
keep = []
A()
for _ in range(50):
    keep.clear()
    gc.collect()
print(A.n >= 1)

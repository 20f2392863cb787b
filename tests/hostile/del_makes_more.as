# ends: normally
import gc
class A:
    def __del__(self):
        if n[0] < 10000:
            n[0] += 1
            A()
n = [0]
A()
for _ in range(20): gc.collect()
print("fine")

# ends: normally
import gc
class A:
    def __del__(self): raise ValueError
for _ in range(5): A()
gc.collect()
print("fine")

# ends: normally
import gc
class A:
    def __del__(self): raise SystemExit(1)
A()
gc.collect()
print("fine")

# ends: normally
import gc, weakref
class A: pass
def dead(ref):
    a = A()
    keep.append(weakref.ref(a, dead))
    if len(keep) > 100: keep.clear()
keep = []
a = A()
keep.append(weakref.ref(a, dead))
del a
for _ in range(100): gc.collect()
print("fine")

# ends: RecursionError or AttributeError or TypeError
import types
f = len
for _ in range(100000): f = types.MethodType(f, 1)
f()

# ends: normally
import functools
f = len
for _ in range(10000): f = functools.partial(f)
print(f("abc"))

# ends: normally
ns = {f"v{i}": i for i in range(10000)}
def f(**kwargs): return len(kwargs)
print(f(**ns))

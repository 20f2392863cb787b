# ends: stopped or normally
a = list(range(10**6, 0, -1))
for _ in range(10**6): sorted(a, key=lambda x: -x)

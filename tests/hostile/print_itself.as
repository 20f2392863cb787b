# ends: normally
a = []
a.append(a)
d = {1: a}
a.append(d)
print(a)

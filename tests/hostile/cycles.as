# ends: normally
for i in range(300000):
    a = []
    a.append(a)
print("fine")

# ends: normally
class N: pass
first = last = N()
for _ in range(100000):
    last.next = N()
    last = last.next
last.next = first
del first, last
print("fine")

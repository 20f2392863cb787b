for n in [1, 2]:
    if n == 3: break
else:
    print("no break")   # expect: no break
while True:
    break
else:
    print("never")
for n in []: pass
else: print("empty", "n" in globals())   # expect: empty True

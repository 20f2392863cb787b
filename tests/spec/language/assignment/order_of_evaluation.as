def note(name, value=0):
    print(name)   # expect: value
    # expect: key
    # expect: left
    # expect: right
    return value
d = {}
d[note("key")] = note("value")
note("left") + note("right")
x = [10, 20]
i = 0
i, x[i] = 1, 99
print(i, x)   # expect: 1 [10, 99]

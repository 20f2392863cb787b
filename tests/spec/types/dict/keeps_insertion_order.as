d = {3: "c", 1: "a"}
d[2] = "b"
d[3] = "again"
del d[1]
d[1] = "late"
print(d, {1: "int", 1.0: "float", True: "bool"})   # expect: {3: 'again', 2: 'b', 1: 'late'} {1: 'bool'}

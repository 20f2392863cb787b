print(True + True, isinstance(True, int), True == 1, {True: "a", 1: "b"}, bool([]), bool("x"))   # expect: 2 True True {True: 'b'} False True
print(True & False, True | 2, True ^ True, str(True), f"{True:d}")   # expect: False 3 False True 1

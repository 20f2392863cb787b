l = list(range(10))
print(l[2:5], l[::-3], l[-3:], l[5:2], l[20:])   # expect: [2, 3, 4] [9, 6, 3, 0] [7, 8, 9] [] []
l[2:5] = "xy"
print(l)   # expect: [0, 1, 'x', 'y', 5, 6, 7, 8, 9]
l[::2] = [0] * len(l[::2])
print(l)   # expect: [0, 1, 0, 'y', 0, 6, 0, 8, 0]
del l[1::2]
print(l)   # expect: [0, 0, 0, 0, 0]
try:
    l[::2] = [1]
except ValueError as error:
    print(error)   # expect: attempt to assign sequence of size 1 to extended slice of size 3

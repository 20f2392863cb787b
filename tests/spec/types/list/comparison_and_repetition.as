print([1, 2] < [1, 3], [1] < [1, 0], [] == (), [1] * 3, 2 * [0], [1, 2] + [3], [[]] * 2)   # expect: True True False [1, 1, 1] [0, 0] [1, 2, 3] [[], []]
a = [1]
a.append(a)
print(a, a == a)   # expect: [1, [...]] True
try:
    [1] + (2,)
except TypeError as error:
    print(error)   # expect: can only concatenate list (not "tuple") to list

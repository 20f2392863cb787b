from functools import reduce

print(reduce(lambda a, b: a + b, [1, 2, 3]))   # expect: 6
print(reduce(max, iter([4, 2, 9]), 10))        # expect: 10
try:
    reduce(max, [])
except TypeError as error:
    print(error)   # expect: reduce() of empty iterable with no initial value
try:
    reduce(max, 5)
except TypeError as error:
    print(error)   # expect: reduce() arg 2 must support iteration

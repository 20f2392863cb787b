class Sequence:
    def __getitem__(self, i):
        if i == 3: raise IndexError
        return i * 10
print(list(Sequence()), 20 in Sequence(), list(iter(iter([1, 2]))))   # expect: [0, 10, 20] True [1, 2]
numbers = iter([1, 2, 3, 4])
print(list(iter(lambda: next(numbers), 3)), next(numbers), next(numbers, "end"))   # expect: [1, 2] 4 end
for value in (5, object):
    try:
        iter(value)
    except TypeError as error:
        print(error)   # expect: 'int' object is not iterable
        # expect: 'type' object is not iterable

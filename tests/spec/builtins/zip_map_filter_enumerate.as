print(list(zip("abc", [1, 2])), list(zip()), list(map(lambda a, b: a + b, [1, 2], [3, 4])), list(filter(None, [0, 1, "", "x"])))   # expect: [('a', 1), ('b', 2)] [] [4, 6] [1, 'x']
print(list(enumerate("ab", start=5)), list(reversed([1, 2])), list(zip([1], [2], strict=True)))   # expect: [(5, 'a'), (6, 'b')] [2, 1] [(1, 2)]
try:
    list(zip([1], [1, 2], strict=True))
except ValueError as error:
    print(error)   # expect: zip() argument 2 is longer than argument 1

words = ["bb", "a", "CC", "dd", "c"]
print(sorted(words), sorted(words, key=len), sorted(words, key=str.lower, reverse=True))   # expect: ['CC', 'a', 'bb', 'c', 'dd'] ['a', 'c', 'bb', 'CC', 'dd'] ['dd', 'CC', 'c', 'bb', 'a']
pairs = [(1, "b"), (0, "a"), (1, "a"), (0, "b")]
print(sorted(pairs, key=lambda pair: pair[0]), sorted(pairs, key=lambda pair: pair[0], reverse=True))   # expect: [(0, 'a'), (0, 'b'), (1, 'b'), (1, 'a')] [(1, 'b'), (1, 'a'), (0, 'a'), (0, 'b')]
try:
    [1, "a"].sort()
except TypeError as error:
    print(error)   # expect: '<' not supported between instances of 'str' and 'int'

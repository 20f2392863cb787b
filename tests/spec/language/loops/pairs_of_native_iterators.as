pairs = zip([1, 2], "ab")
for number, letter in pairs:
    print(number, letter)   # expect: 1 a
    # expect: 2 b
print(list(pairs), [(i, x) for i, x in enumerate("xy", 5)], {v: k for k, v in {"k": 1}.items()})   # expect: [] [(5, 'x'), (6, 'y')] {1: 'k'}
for pair in zip([1], [2]):
    left, right = pair
    print(pair, left, right)   # expect: (1, 2) 1 2
box = {}
for box["first"], box["second"] in enumerate(["a"]):
    print(box)   # expect: {'first': 0, 'second': 'a'}
def stops(x):
    if x == 2: raise StopIteration
    return x * 10
for x in map(stops, [1, 2, 3]):
    print(x)   # expect: 10
print(list(map(stops, [1, 3, 2, 4])), list(map(lambda x, y=3: x + y, [1, 2])))   # expect: [10, 30] [4, 5]
growing = {1: 1}
try:
    for k, v in growing.items():
        growing[k + 1] = v
except RuntimeError as error:
    print(error)   # expect: dictionary changed size during iteration

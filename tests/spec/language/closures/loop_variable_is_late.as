late = [lambda: i for i in range(3)]
print([function() for function in late])   # expect: [2, 2, 2]
early = [lambda i=i: i for i in range(3)]
print([function() for function in early])   # expect: [0, 1, 2]

x = "outer"
print([x for x in range(3)], x)   # expect: [0, 1, 2] outer
print(list(map(lambda f: f(), [lambda: x for x in range(2)])), x)   # expect: [1, 1] outer

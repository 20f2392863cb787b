t = 1, "a", None
print(t, (1,), (), t[1], t[-1:], t * 2, t + (2,), t.count(1), t.index("a"), hash((1, 2)) == hash((1, 2)))   # expect: (1, 'a', None) (1,) () a (None,) (1, 'a', None, 1, 'a', None) (1, 'a', None, 2) 1 1 True
print((1, 2) < (1, 3), tuple("ab"), len(t), "a" in t)   # expect: True ('a', 'b') 3 True
try:
    t[0] = 2
except TypeError as error:
    print(error)   # expect: 'tuple' object does not support item assignment

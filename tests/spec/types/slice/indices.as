s = slice(1, None, 2)
print(s, s.indices(6), slice(-3, 100).indices(5), s == slice(1, None, 2))   # expect: slice(1, None, 2) (1, 6, 2) (2, 5, 1) True
class Show:
    def __getitem__(self, key): return key
print(Show()[1:2, ..., ::3], Show()[:], Show()[1,])   # expect: (slice(1, 2, None), Ellipsis, slice(None, None, 3)) slice(None, None, None) (1,)

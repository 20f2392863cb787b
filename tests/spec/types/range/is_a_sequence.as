r = range(10, 0, -3)
print(r, list(r), len(r), r[1], r[-1], r[1:], 7 in r, 8 in r, r.index(4), r == range(10, -1, -3))   # expect: range(10, 0, -3) [10, 7, 4, 1] 4 7 1 range(7, -2, -3) True False 2 True
print(range(0), range(2 ** 70)[-1], range(5)[::-1], hash(range(3)) == hash(range(0, 3, 1)))   # expect: range(0, 0) 1180591620717411303423 range(4, -1, -1) True
for action in (lambda: range(1, 2, 0), lambda: range("a"), lambda: r[10]):
    try:
        action()
    except (ValueError, TypeError, IndexError) as error:
        print(error)   # expect: range() arg 3 must not be zero
        # expect: 'str' object cannot be interpreted as an integer
        # expect: range object index out of range

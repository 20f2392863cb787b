print(any([0, "", 3]), all([]), all([1, 0]), sum([1, 2.5]), sum([[1], [2]], []), sum(x for x in range(5)))   # expect: True True False 3.5 [1, 2] 10
print(min(3, 1, 2), max("abc"), min([], default="none"), max(["aa", "b"], key=len), min([-1, 1], key=abs))   # expect: 1 c none aa -1
for action in (lambda: min([]), lambda: max(1), lambda: sum(["a"]), lambda: min(1, "a")):
    try:
        action()
    except (ValueError, TypeError) as error:
        print(error)   # expect: min() iterable argument is empty
        # expect: 'int' object is not iterable
        # expect: unsupported operand type(s) for +: 'int' and 'str'
        # expect: '<' not supported between instances of 'str' and 'int'

def attempt(action):
    try:
        action()
    except (ValueError, TypeError) as error:
        print(error)   # expect: not enough values to unpack (expected 2, got 1)
        # expect: too many values to unpack (expected 2)
        # expect: too many values to unpack (expected 2)
        # expect: not enough values to unpack (expected at least 2, got 1)
        # expect: cannot unpack non-iterable int object
def two(value): a, b = value
def star(value): a, *b, c = value
attempt(lambda: two([1]))
attempt(lambda: two([1, 2, 3]))
attempt(lambda: two("abc"))
attempt(lambda: star([1]))
attempt(lambda: two(5))

def two(first, second): ...
def keyword_only(*, key): ...
def attempt(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except TypeError as error:
        print(error)   # expect: two() missing 2 required positional arguments: 'first' and 'second'
        # expect: two() missing 1 required positional argument: 'second'
        # expect: two() takes 2 positional arguments but 3 were given
        # expect: two() got multiple values for argument 'first'
        # expect: two() got an unexpected keyword argument 'third'
        # expect: keyword_only() takes 0 positional arguments but 1 was given
        # expect: keyword_only() missing 1 required keyword-only argument: 'key'

attempt(two)
attempt(two, 1)
attempt(two, 1, 2, 3)
attempt(two, 1, first=2)
attempt(two, 1, third=2)
attempt(keyword_only, 1)
attempt(keyword_only)

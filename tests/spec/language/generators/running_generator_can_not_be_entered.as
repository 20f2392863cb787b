def generator():
    try:
        next(me)
    except ValueError as error:
        yield str(error)

me = generator()
print(next(me))   # expect: generator already executing

async def f(value):
    await value
for value in (1, "x", [], None):
    coroutine = f(value)
    try:
        coroutine.send(None)
    except TypeError as error:
        print(error)   # expect: object int can't be used in 'await' expression
        # expect: object str can't be used in 'await' expression
        # expect: object list can't be used in 'await' expression
        # expect: object NoneType can't be used in 'await' expression

import inspect

async def coroutine():
    pass

def generator():
    yield

made = coroutine()
print(inspect.getcoroutinestate(made), inspect.isawaitable(made))   # expect: CORO_CREATED True
made.close()
print(inspect.getcoroutinestate(made))   # expect: CORO_CLOSED
items = generator()
next(items)
print(inspect.getgeneratorstate(items))             # expect: GEN_SUSPENDED
print(inspect.iscoroutinefunction(coroutine))       # expect: True
print(inspect.currentframe().f_lineno)              # expect: 17

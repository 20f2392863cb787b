class Pause:
    def __await__(self):
        got = yield "pausing"
        return f"got {got}"

async def inner():
    return await Pause()

async def outer():
    first = await inner()
    second = await inner()
    return first, second

c = outer()
print(c.send(None))   # expect: pausing
print(c.send("one"))   # expect: pausing
try:
    c.send("two")
except StopIteration as stop:
    print(stop.value)   # expect: ('got one', 'got two')
try:
    c.send(None)
except RuntimeError as error:
    print(error)   # expect: cannot reuse already awaited coroutine

async def generator():
    try:
        got = yield 1
        print("got", got)
        yield 2
    finally:
        print("finally")

def run(awaitable):
    try:
        awaitable.send(None)
    except StopIteration as stop:
        return stop.value

g = generator()
print(run(g.__anext__()))   # expect: 1
# expect: got hello
print(run(g.asend("hello")))   # expect: 2
# expect: finally
print(run(g.aclose()))   # expect: None
try:
    run(g.__anext__())
except StopAsyncIteration:
    print("over")   # expect: over

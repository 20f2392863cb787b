import types

made = types.new_class("Made", (list,), {}, lambda namespace: namespace.update(size=3))
print(made.size, made([1]), made.__mro__[1])   # expect: 3 [1] <class 'list'>

@types.coroutine
def wait():
    return (yield "waiting")

async def main():
    return await wait()

running = main()
print(running.send(None))   # expect: waiting
try:
    running.send(7)
except StopIteration as end:
    print(end.value)   # expect: 7

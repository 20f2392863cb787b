class Manager:
    async def __aenter__(self):
        print("enter")   # expect: enter
        return self
    async def __aexit__(self, *exc):
        print("exit", exc[0])
        return True
class Count:
    def __init__(self, n): self.n = n
    def __aiter__(self): return self
    async def __anext__(self):
        if not self.n: raise StopAsyncIteration
        self.n -= 1
        return self.n

async def main():
    async with Manager():
        async for n in Count(2):
            print(n)   # expect: 1
            # expect: 0
        print([n async for n in Count(3)], {n: n async for n in Count(1)})   # expect: [2, 1, 0] {0: 0}
        # expect: exit <class 'KeyError'>
        raise KeyError("swallowed")

try:
    main().send(None)
except StopIteration:
    print("done")   # expect: done

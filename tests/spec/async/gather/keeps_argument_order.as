import asyncio


async def later(value, delay):
    await asyncio.sleep(delay)
    return value


async def main():
    print(await asyncio.gather(later("a", 2), later("b", 1)))  # expect: ['a', 'b']
    print(asyncio.get_running_loop().time())  # expect: 2.0


asyncio.run(main())

import asyncio


async def use(lock, name):
    async with lock:
        print(name)
        await asyncio.sleep(1)


async def main():
    lock = asyncio.Lock()
    await asyncio.gather(*[use(lock, name) for name in "abc"])
    # expect: a
    # expect: b
    # expect: c
    print(asyncio.get_running_loop().time(), lock.locked())  # expect: 3.0 False


asyncio.run(main())

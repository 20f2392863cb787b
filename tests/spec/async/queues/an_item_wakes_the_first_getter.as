import asyncio


async def get(queue, name):
    print(name, await queue.get())


async def main():
    queue = asyncio.Queue()
    getters = [asyncio.create_task(get(queue, name)) for name in "ab"]
    await asyncio.sleep(0)
    queue.put_nowait(1)
    print("put", queue.qsize())  # expect: put 1
    await asyncio.sleep(0)  # expect: a 1
    queue.put_nowait(2)
    await asyncio.gather(*getters)  # expect: b 2


asyncio.run(main())

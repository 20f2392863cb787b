import asyncio


async def count():
    try:
        for number in range(3):
            yield number
    finally:
        print("closed")


async def main():
    async for number in count():
        print(number)  # expect: 0
        break
    print("left")  # expect: left
    await asyncio.sleep(0)
    print("one turn")  # expect: one turn
    await asyncio.sleep(0)  # expect: closed


asyncio.run(main())

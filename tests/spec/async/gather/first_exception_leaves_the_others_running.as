import asyncio


async def fail():
    raise ValueError("first")


async def go_on():
    await asyncio.sleep(1)
    print("went on")


async def main():
    try:
        await asyncio.gather(fail(), go_on())
    except ValueError as exc:
        print(exc)  # expect: first
    await asyncio.sleep(2)  # expect: went on
    print(await asyncio.gather(fail(), return_exceptions=True))  # expect: [ValueError('first')]


asyncio.run(main())

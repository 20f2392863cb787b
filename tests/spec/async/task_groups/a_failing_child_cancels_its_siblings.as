import asyncio


async def fail():
    await asyncio.sleep(1)
    raise ValueError("child")


async def wait(name):
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print(name, "cancelled")
        raise


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(wait("a"))  # expect: a cancelled
            group.create_task(fail())
            await wait("body")  # expect: body cancelled
    except* ValueError as caught:
        print(caught.exceptions)  # expect: (ValueError('child'),)
    print(asyncio.get_running_loop().time())  # expect: 1.0


asyncio.run(main())

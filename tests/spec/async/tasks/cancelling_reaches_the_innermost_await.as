import asyncio


async def inner():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError as exc:
        print("inner", exc.args)
        raise


async def main():
    task = asyncio.create_task(inner(), name="outer")
    await asyncio.sleep(0)
    print(task.cancel("why"), task.cancelling())  # expect: True 1
    try:
        await task  # expect: inner ('why',)
    except asyncio.CancelledError as exc:
        print(task.cancelled(), exc.args)  # expect: True ('why',)


asyncio.run(main())

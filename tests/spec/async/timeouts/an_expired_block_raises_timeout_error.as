import asyncio


async def main():
    try:
        async with asyncio.timeout(1) as limit:
            await asyncio.sleep(2)
    except TimeoutError as exc:
        print(limit.expired(), repr(exc.__cause__))  # expect: True CancelledError()
    try:
        await asyncio.wait_for(asyncio.Event().wait(), 1)
    except TimeoutError:
        print(asyncio.get_running_loop().time())  # expect: 2.0
    async with asyncio.timeout(1) as limit:
        print(limit)  # expect: <Timeout [active] when=3.0>


asyncio.run(main())

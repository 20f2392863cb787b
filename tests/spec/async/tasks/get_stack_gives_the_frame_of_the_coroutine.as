import asyncio


async def outer():
    await asyncio.sleep(1)


async def main():
    task = asyncio.create_task(outer())
    await asyncio.sleep(0)
    print([frame.f_code.co_name for frame in task.get_stack()])  # expect: ['outer']
    print(task.get_stack(limit=0))  # expect: []
    task.cancel()


asyncio.run(main())

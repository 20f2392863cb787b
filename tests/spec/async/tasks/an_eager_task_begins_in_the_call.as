import asyncio


async def quick():
    print("runs")
    return 1


async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(quick())  # expect: runs
    print(task.done(), task.result())  # expect: True 1


asyncio.run(main())

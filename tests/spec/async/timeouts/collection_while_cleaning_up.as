# The registers of a parked frame that are not alive any more are no roots.
import asyncio
import gc


async def job():
    try:
        await asyncio.wait_for(asyncio.sleep(1), 0.5)
    finally:
        await asyncio.sleep(0.01)
        print("cleaned up")  # expect: cleaned up


async def main():
    task = asyncio.create_task(job())
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.sleep(0.02)
    gc.collect()
    print(task.cancelled())  # expect: True


asyncio.run(main())

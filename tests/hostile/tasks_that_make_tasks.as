# ends: MemoryError or stopped
import asyncio
async def f():
    keep.append(asyncio.create_task(f()))
    keep.append(asyncio.create_task(f()))
    await asyncio.sleep(0)
keep = []
async def main():
    await f()
    await asyncio.Event().wait()
asyncio.run(main())

"""Tasks that give way to each other."""
import asyncio


async def work(n):
    for _ in range(n):
        await asyncio.sleep(0)
    return n


async def main():
    tasks = [asyncio.create_task(work(2_000)) for _ in range(100)]
    return sum([await task for task in tasks])


print(asyncio.run(main()))

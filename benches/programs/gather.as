"""Many small tasks, made and gathered."""
import asyncio


async def leaf(i):
    await asyncio.sleep(0)
    return i


async def branch(i):
    return sum(await asyncio.gather(*(leaf(i * 10 + j) for j in range(10))))


async def main():
    return sum([sum(await asyncio.gather(*(branch(i) for i in range(100)))) for _ in range(30)])


print(asyncio.run(main()))

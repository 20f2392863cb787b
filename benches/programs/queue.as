"""Producers and consumers at a bounded queue."""
import asyncio


async def produce(queue, n):
    for i in range(n):
        await queue.put(i)


async def consume(queue, totals):
    while (item := await queue.get()) is not None:
        totals.append(item)


async def main():
    queue, totals = asyncio.Queue(maxsize=10), []
    consumers = [asyncio.create_task(consume(queue, totals)) for _ in range(4)]
    await asyncio.gather(*(produce(queue, 10_000) for _ in range(4)))
    for _ in consumers:
        await queue.put(None)
    await asyncio.gather(*consumers)
    return sum(totals)


print(asyncio.run(main()))

"""Three cooks share a queue of orders; who is not served in time goes home."""
import asyncio


async def cook(name, orders, log):
    while True:
        dish, minutes = await orders.get()
        await asyncio.sleep(minutes / 100)
        log.append(f"{name} made {dish}")
        orders.task_done()


async def guest(name, minutes):
    try:
        async with asyncio.timeout(0.15):
            await asyncio.sleep(minutes / 100)
            return f"{name} is happy"
    except TimeoutError:
        return f"{name} went home"


async def main():
    orders, log = asyncio.Queue(), []
    for order in [("soup", 6), ("bread", 2), ("fish", 9), ("tea", 1), ("cake", 4)]:
        orders.put_nowait(order)
    async with asyncio.TaskGroup() as kitchen:
        cooks = [kitchen.create_task(cook(name, orders, log)) for name in ("Ada", "Bo", "Cy")]
        await orders.join()
        for task in cooks:
            task.cancel()
    print(*log, sep="\n")
    print(*await asyncio.gather(guest("Dot", 5), guest("Eli", 40)), sep="\n")


asyncio.run(main())

"""A relay race without imports: `await` at top level, and names that Aspen has from the start."""


async def run(name, baton, next_baton, seconds):
    async with baton:
        await sleep(seconds)
        print(f"{name} ran {seconds} s")
    next_baton.release()


batons = [Semaphore(0) for _ in range(4)]
runners = [
    create_task(run(name, batons[at], batons[at + 1], seconds))
    for at, (name, seconds) in enumerate([("Ada", 0.03), ("Bo", 0.01), ("Cy", 0.02)])
]
batons[0].release()
await batons[3].acquire()
await gather(*runners)
print("finished")

# cpython: no — names without an import, and await outside a function


async def later(value):
    await sleep(1)
    return value


print(await gather(later(1), later(2)))  # expect: [1, 2]
async with TaskGroup() as group:
    task = group.create_task(later(3))
print(task.result())  # expect: 3
try:
    await wait_for(Event().wait(), 1)
except TimeoutError:
    print("late")  # expect: late

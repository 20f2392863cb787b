# cpython: no — spellings that 3.13 refuses
import asyncio

lock = asyncio.Lock()


@asyncio.coroutine
def add(left, right):
    yield from asyncio.sleep(1)
    return left + right


async def main(loop):
    done, pending = await asyncio.wait([add(1, 2)])
    print([task.result() for task in done], pending)  # expect: [3] set()
    with await lock:
        print(lock.locked())  # expect: True
    print(await asyncio.wait_for(add(3, 4), 2, loop=loop))  # expect: 7
    print(len(asyncio.Task.all_tasks()))  # expect: 1


loop = asyncio.get_event_loop()
loop.run_until_complete(main(loop))

from contextlib import contextmanager, AsyncExitStack
import asyncio

@contextmanager
def failing(error):
    try:
        yield
    finally:
        raise error

async def main():
    async with AsyncExitStack() as stack:
        for number in (4, 3, 2):
            stack.enter_context(failing(Exception(number)))
        raise Exception(1)

try:
    asyncio.run(main())
except Exception as error:
    while error:
        print(error)
        error = error.__context__
# expect: 4
# expect: 3
# expect: 2
# expect: 1

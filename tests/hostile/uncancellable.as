# ends: stopped
import asyncio
async def f():
    while True:
        try: await asyncio.sleep(0)
        except BaseException: pass
asyncio.run(f())

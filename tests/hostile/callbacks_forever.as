# ends: stopped
import asyncio
def again(): loop.call_soon(again)
loop = asyncio.new_event_loop()
loop.call_soon(again)
loop.run_forever()

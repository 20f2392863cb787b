import asyncio

loop = asyncio.new_event_loop()
loop.call_later(2, loop.stop)
loop.call_later(1, print, "later")
loop.call_soon(print, "soon")
loop.call_soon(print, "cancelled").cancel()
loop.call_soon(lambda: loop.call_soon(print, "next turn"))
loop.run_forever()
# expect: soon
# expect: next turn
# expect: later
print(loop.time(), loop)  # expect: 2.0 <_UnixSelectorEventLoop running=False closed=False debug=False>
loop.close()

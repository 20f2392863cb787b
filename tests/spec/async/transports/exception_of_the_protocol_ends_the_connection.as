import asyncio
import socket

class Bad(asyncio.Protocol):
    def data_received(self, data):
        raise ValueError("no")
    def connection_lost(self, exc):
        print("lost", repr(exc))

async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: print(context["message"]))
    ours, theirs = socket.socketpair()
    await loop.create_connection(Bad, sock=theirs)
    ours.send(b"x")
    await asyncio.sleep(0.1)    # expect: Fatal error: protocol.data_received() call failed.
    ours.close()                # expect: lost ValueError('no')

asyncio.run(main())

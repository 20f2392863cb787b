import asyncio

class Source(asyncio.Protocol):
    def pause_writing(self):
        print("pause")
    def resume_writing(self):
        print("resume")

class Sink(asyncio.Protocol):
    def __init__(self, done):
        self.done, self.count = done, 0
    def data_received(self, data):
        self.count += len(data)
    def connection_lost(self, exc):
        self.done.set_result(self.count)

async def main():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    server = await loop.create_server(lambda: Sink(done), "127.0.0.1", 0)
    transport, _ = await loop.create_connection(Source, *server.sockets[0].getsockname())
    transport.write(b"x" * 20_000_000)      # expect: pause
    transport.close()
    print(await done)                       # expect: resume
                                            # expect: 20000000
    server.close()

asyncio.run(main())

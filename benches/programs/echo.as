"""A server that says everything again, and clients that ask in turn, on the loopback interface."""
import asyncio


async def serve(reader, writer):
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()


async def ask(port, n):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    size = 0
    for i in range(n):
        writer.write(b"question %d\n" % i)
        size += len(await reader.readline())
    writer.close()
    await writer.wait_closed()
    return size


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        return sum(await asyncio.gather(*(ask(port, 1_000) for _ in range(10))))


print(asyncio.run(main()))

"""A chat room on a TCP socket, and two people who meet there."""
import asyncio


class Room:
    def __init__(self):
        self.members = {}

    def tell(self, text, but=None):
        for name, writer in self.members.items():
            if name != but:
                writer.write(f"{text}\n".encode())

    async def serve(self, reader, writer):
        name = (await reader.readline()).decode().strip()
        self.members[name] = writer
        self.tell(f"* {name} is here")
        async for line in reader:
            self.tell(f"{name}: {line.decode().strip()}", but=name)
        del self.members[name]
        self.tell(f"* {name} has left")
        writer.close()


async def join(port, name):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{name}\n".encode())
    print(f"{name} reads {(await reader.readline()).decode().strip()!r}")
    return reader, writer


async def main():
    server = await asyncio.start_server(Room().serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        from_room, to_room = await join(port, "Ada")
        _, bo = await join(port, "Bo")
        bo.write(b"good evening\n")
        bo.close()
        for _ in range(3):
            print("Ada reads", repr((await from_room.readline()).decode().strip()))
        to_room.close()
        await to_room.wait_closed()


asyncio.run(main())

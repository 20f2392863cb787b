import asyncio

async def handle(reader, writer):
    async for line in reader:
        writer.write(line.upper())
        await writer.drain()
    writer.close()

async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"one\ntwo;three\n")
    print(await reader.readline())          # expect: b'ONE\n'
    print(await reader.readuntil(b";"))     # expect: b'TWO;'
    print(await reader.readexactly(3))      # expect: b'THR'
    writer.write_eof()
    print(await reader.read())              # expect: b'EE\n'
    print(reader.at_eof())                  # expect: True
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()

asyncio.run(main())

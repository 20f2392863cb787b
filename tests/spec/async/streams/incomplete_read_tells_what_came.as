import asyncio

async def main():
    reader = asyncio.StreamReader()
    reader.feed_data(b"ab")
    reader.feed_eof()
    try:
        await reader.readexactly(3)
    except asyncio.IncompleteReadError as error:
        print(error)                        # expect: 2 bytes read on a total of 3 expected bytes
        print(error.partial)                # expect: b'ab'
    reader = asyncio.StreamReader(limit=3)
    reader.feed_data(b"abcdef")
    try:
        await reader.readline()
    except ValueError as error:
        print(error)                        # expect: Separator is not found, and chunk exceed the limit

asyncio.run(main())

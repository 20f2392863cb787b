"""Streams over TCP. Reader, writer and the protocol between them are native; here is what is rarely called."""

from _asyncio import StreamReader, StreamReaderProtocol, StreamWriter, get_running_loop, iscoroutine, sleep

from .exceptions import IncompleteReadError, LimitOverrunError

__all__ = (
    "StreamReader",
    "StreamWriter",
    "StreamReaderProtocol",
    "open_connection",
    "start_server",
    "open_unix_connection",
    "start_unix_server",
)

_DEFAULT_LIMIT = 2**16


async def open_connection(host=None, port=None, *, limit=_DEFAULT_LIMIT, **kwds):
    """Connect: (reader, writer)."""
    loop = get_running_loop()
    reader = StreamReader(limit, loop)
    protocol = StreamReaderProtocol(reader, None, loop)
    transport, _ = await loop.create_connection(lambda: protocol, host, port, **kwds)
    return reader, StreamWriter(transport, protocol, reader, loop)


async def start_server(client_connected_cb, host=None, port=None, *, limit=_DEFAULT_LIMIT, **kwds):
    """Listen: the callback is called with (reader, writer) of each connection."""
    loop = get_running_loop()

    def factory():
        return StreamReaderProtocol(StreamReader(limit, loop), client_connected_cb, loop)

    return await loop.create_server(factory, host, port, **kwds)


async def open_unix_connection(path=None, *, limit=_DEFAULT_LIMIT, **kwds):
    raise NotImplementedError("open_unix_connection(): there are no Unix sockets in asyncio")


async def start_unix_server(client_connected_cb, path=None, *, limit=_DEFAULT_LIMIT, **kwds):
    raise NotImplementedError("start_unix_server(): there are no Unix sockets in asyncio")


# ----- What the native classes leave to the library -----


def _incomplete(partial, expected):
    raise IncompleteReadError(partial, expected)


def _overrun(message, consumed):
    raise LimitOverrunError(message, consumed)


def _pause_transport(reader, transport):
    """A reader has too much, and its transport is none of ours."""
    try:
        transport.pause_reading()
    except NotImplementedError:
        reader._transport = None
    else:
        reader._paused = True


def _connection_made(protocol, transport):
    """`StreamReaderProtocol.connection_made` of a server, or on a transport that is none of ours."""
    protocol._transport = transport
    reader = protocol._stream_reader
    if reader is not None:
        reader.set_transport(transport)
    callback = protocol._client_connected_cb
    if callback is None:
        return
    loop = protocol._loop
    writer = StreamWriter(transport, protocol, reader, loop)
    protocol._stream_writer = writer
    res = callback(reader, writer)
    if iscoroutine(res):

        def client_connected_done(task):
            if task.cancelled():
                transport.close()
                return
            exc = task.exception()
            if exc is not None:
                loop.call_exception_handler(
                    {"message": "Unhandled exception in client_connected_cb", "exception": exc, "transport": transport}
                )
                transport.close()

        task = loop.create_task(res)
        protocol._task = task
        task.add_done_callback(client_connected_done)


async def _next_line(reader):
    line = await reader.readline()
    if line == b"":
        raise StopAsyncIteration
    return line


async def _drain(writer):
    """`StreamWriter.drain` where something is not as usual."""
    reader = writer._reader
    if reader is not None:
        exc = reader.exception()
        if exc is not None:
            raise exc
    if writer._transport.is_closing():
        # The end of the connection is an entry of the loop: it comes first.
        await sleep(0)
    await writer._protocol._drain_helper()


async def _wait_closed(writer):
    await writer._protocol._get_close_waiter(writer)

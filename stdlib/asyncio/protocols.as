"""Protocols: what is called when something happens on a transport."""

__all__ = (
    "BaseProtocol",
    "Protocol",
    "DatagramProtocol",
    "SubprocessProtocol",
    "BufferedProtocol",
)


class BaseProtocol:
    """What all protocols have."""

    __slots__ = ()

    def connection_made(self, transport):
        """The connection is there."""

    def connection_lost(self, exc):
        """The connection is over: None, or what ended it."""

    def pause_writing(self):
        """The transport has more to send than it likes."""

    def resume_writing(self):
        """The transport has sent most of it."""


class Protocol(BaseProtocol):
    """A protocol that is given the data that comes."""

    __slots__ = ()

    def data_received(self, data):
        """Data came."""

    def eof_received(self):
        """The other end sends nothing more; true: the transport stays open for writing."""


class BufferedProtocol(BaseProtocol):
    """A protocol with a buffer of its own, which the data is received into."""

    __slots__ = ()

    def get_buffer(self, sizehint):
        """The buffer for what comes next."""

    def buffer_updated(self, nbytes):
        """So many bytes are in the buffer now."""

    def eof_received(self):
        """The other end sends nothing more; true: the transport stays open for writing."""


class DatagramProtocol(BaseProtocol):
    """A protocol for datagrams."""

    __slots__ = ()

    def datagram_received(self, data, addr):
        """A datagram came."""

    def error_received(self, exc):
        """Sending or receiving failed."""


class SubprocessProtocol(BaseProtocol):
    """A protocol for processes."""

    __slots__ = ()

    def pipe_data_received(self, fd, data):
        """The process wrote to a pipe."""

    def pipe_connection_lost(self, fd, exc):
        """A pipe is closed."""

    def process_exited(self):
        """The process is over."""


def _feed_data_to_buffered_proto(proto, data):
    left = len(data)
    while left:
        buffer = proto.get_buffer(left)
        room = len(buffer)
        if not room:
            raise RuntimeError("get_buffer() returned an empty buffer")
        if room >= left:
            buffer[:left] = data
            proto.buffer_updated(left)
            return
        buffer[:room] = data[:room]
        proto.buffer_updated(room)
        data = data[room:]
        left = len(data)

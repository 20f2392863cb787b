"""Files as scripts see them.

The classes that do the work are native, in `_io`. Here are the abstract classes that they are registered with, for
scripts to derive their own files from.
"""

import abc

import _io
from _io import (
    DEFAULT_BUFFER_SIZE,
    BlockingIOError,
    BufferedRandom,
    BufferedReader,
    BufferedWriter,
    BytesIO,
    FileIO,
    StringIO,
    TextIOWrapper,
    UnsupportedOperation,
    open,
    open_code,
    text_encoding,
)

__all__ = [
    "BlockingIOError",
    "open",
    "open_code",
    "IOBase",
    "RawIOBase",
    "FileIO",
    "BytesIO",
    "StringIO",
    "BufferedIOBase",
    "BufferedReader",
    "BufferedWriter",
    "BufferedRWPair",
    "BufferedRandom",
    "TextIOBase",
    "TextIOWrapper",
    "UnsupportedOperation",
    "SEEK_SET",
    "SEEK_CUR",
    "SEEK_END",
    "text_encoding",
    "DEFAULT_BUFFER_SIZE",
    "IncrementalNewlineDecoder",
]

SEEK_SET = 0
SEEK_CUR = 1
SEEK_END = 2


class IOBase(_io._IOBase, metaclass=abc.ABCMeta):
    """What all files have in common. A class derived from it says what it can do by overriding."""

    __closed = False

    def _unsupported(self, name):
        raise UnsupportedOperation(f"{self.__class__.__name__}.{name}() not supported")

    @property
    def closed(self):
        """True if the file was closed."""
        return self.__closed

    def close(self):
        """Flushes and closes the file; a second time does nothing."""
        if not self.__closed:
            try:
                self.flush()
            finally:
                self.__closed = True

    def __del__(self):
        try:
            closed = self.closed
        except AttributeError:
            # It was never made.
            return
        if not closed:
            self.close()

    def flush(self):
        """Writes what is kept back: nothing, here."""
        self._checkClosed()

    def seek(self, pos, whence=0):
        self._unsupported("seek")

    def tell(self):
        """The position."""
        return self.seek(0, 1)

    def truncate(self, pos=None):
        self._unsupported("truncate")

    def fileno(self):
        self._unsupported("fileno")

    def seekable(self):
        return False

    def readable(self):
        return False

    def writable(self):
        return False

    def isatty(self):
        self._checkClosed()
        return False

    def _checkClosed(self, msg=None):
        if self.closed:
            raise ValueError("I/O operation on closed file." if msg is None else msg)

    def _checkSeekable(self, msg=None):
        if not self.seekable():
            raise UnsupportedOperation("File or stream is not seekable." if msg is None else msg)

    def _checkReadable(self, msg=None):
        if not self.readable():
            raise UnsupportedOperation("File or stream is not readable." if msg is None else msg)

    def _checkWritable(self, msg=None):
        if not self.writable():
            raise UnsupportedOperation("File or stream is not writable." if msg is None else msg)

    def readline(self, size=-1):
        """Reads a line, byte by byte where the file can't be peeked at."""
        if size is None:
            size = -1
        line = bytearray()
        peek = getattr(self, "peek", None)
        while size < 0 or len(line) < size:
            wanted = 1
            if peek is not None:
                ahead = peek(1)
                if ahead:
                    wanted = ahead.find(b"\n") + 1 or len(ahead)
                    if size >= 0:
                        wanted = min(wanted, size - len(line))
            piece = self.read(wanted)
            if not piece:
                break
            if not isinstance(piece, bytes):
                raise OSError(f"read() should have returned a bytes object, not '{type(piece).__name__}'")
            line += piece
            if line.endswith(b"\n"):
                break
        return bytes(line)


class RawIOBase(_io._RawIOBase, IOBase):
    """Files that make a call outside for each operation. `readinto` and `write` are what a derived class has."""

    def read(self, size=-1):
        if size is None or size < 0:
            return self.readall()
        room = bytearray(size)
        count = self.readinto(room)
        if count is None:
            return None
        if count < 0 or count > size:
            raise ValueError(f"readinto returned {count} outside buffer size {size}")
        del room[count:]
        return bytes(room)

    def readall(self):
        """Reads to the end."""
        pieces = bytearray()
        while piece := self.read(DEFAULT_BUFFER_SIZE):
            pieces += piece
        # None before anything else: nothing is there yet.
        return bytes(pieces) if pieces else piece

    def readinto(self, buffer):
        self._unsupported("readinto")

    def write(self, b):
        self._unsupported("write")


class BufferedIOBase(_io._BufferedIOBase, IOBase):
    """Files of bytes that keep some back. `read` and `write` are what a derived class has."""

    def read(self, size=-1):
        self._unsupported("read")

    def read1(self, size=-1):
        self._unsupported("read1")

    def readinto(self, buffer):
        return self._readinto(buffer, self.read)

    def readinto1(self, buffer):
        return self._readinto(buffer, self.read1)

    def _readinto(self, buffer, read):
        room = memoryview(buffer).cast("B")
        data = read(len(room))
        room[: len(data)] = data
        return len(data)

    def write(self, b):
        self._unsupported("write")

    def detach(self):
        self._unsupported("detach")


class TextIOBase(_io._TextIOBase, IOBase):
    """Files of text. `read`, `readline` and `write` are what a derived class has."""

    encoding = None
    newlines = None
    errors = None

    def read(self, size=-1):
        self._unsupported("read")

    def readline(self, size=-1):
        self._unsupported("readline")

    def write(self, s):
        self._unsupported("write")

    def detach(self):
        self._unsupported("detach")


class BufferedRWPair(BufferedIOBase):
    """A file to read and another to write, as one: the two ends of a connection."""

    def __init__(self, reader, writer, buffer_size=DEFAULT_BUFFER_SIZE):
        if not reader.readable():
            raise OSError('"reader" argument must be readable.')
        if not writer.writable():
            raise OSError('"writer" argument must be writable.')
        self.reader = BufferedReader(reader, buffer_size)
        self.writer = BufferedWriter(writer, buffer_size)

    def read(self, size=-1):
        return self.reader.read(-1 if size is None else size)

    def read1(self, size=-1):
        return self.reader.read1(size)

    def readinto(self, buffer):
        return self.reader.readinto(buffer)

    def readinto1(self, buffer):
        return self.reader.readinto1(buffer)

    def peek(self, size=0):
        return self.reader.peek(size)

    def write(self, b):
        return self.writer.write(b)

    def readable(self):
        return self.reader.readable()

    def writable(self):
        return self.writer.writable()

    def flush(self):
        return self.writer.flush()

    def close(self):
        try:
            self.writer.close()
        finally:
            self.reader.close()

    def isatty(self):
        return self.reader.isatty() or self.writer.isatty()

    @property
    def closed(self):
        return self.writer.closed


class IncrementalNewlineDecoder:
    """Makes all ends of lines `\\n`, on top of another incremental decoder or of text."""

    _LF, _CR, _CRLF = 1, 2, 4

    def __init__(self, decoder, translate, errors="strict"):
        self.decoder = decoder
        self.translate = translate
        self.errors = errors
        self.reset()

    def reset(self):
        self._seen = 0
        self._has_cr = False
        if self.decoder is not None:
            self.decoder.reset()

    def decode(self, input, final=False):
        text = input if self.decoder is None else self.decoder.decode(input, final=final)
        if self._has_cr and (text or final):
            text = "\r" + text
            self._has_cr = False
        # Half of an end waits for its other half.
        if text.endswith("\r") and not final:
            text = text[:-1]
            self._has_cr = True
        pairs = text.count("\r\n")
        single_cr = text.count("\r") - pairs
        single_lf = text.count("\n") - pairs
        self._seen |= (single_lf and self._LF) | (single_cr and self._CR) | (pairs and self._CRLF)
        if self.translate:
            if pairs:
                text = text.replace("\r\n", "\n")
            if single_cr:
                text = text.replace("\r", "\n")
        return text

    def getstate(self):
        data, flag = (b"", 0) if self.decoder is None else self.decoder.getstate()
        return data, flag << 1 | self._has_cr

    def setstate(self, state):
        data, flag = state
        self._has_cr = bool(flag & 1)
        if self.decoder is not None:
            self.decoder.setstate((data, flag >> 1))

    @property
    def newlines(self):
        """None, a str, or a tuple of strs: the kinds of ends that were seen."""
        kinds = [kind for bit, kind in ((self._CR, "\r"), (self._LF, "\n"), (self._CRLF, "\r\n")) if self._seen & bit]
        if len(kinds) <= 1:
            return kinds[0] if kinds else None
        return tuple(kinds)


# What isinstance sees of the native classes.
RawIOBase.register(FileIO)
for _class in (BytesIO, BufferedReader, BufferedWriter, BufferedRandom):
    BufferedIOBase.register(_class)
for _class in (StringIO, TextIOWrapper):
    TextIOBase.register(_class)
del _class

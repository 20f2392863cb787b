# Encodings by name: the registry, error handlers, and coders that go on from where they stopped.
#
# The encodings themselves are in Rust (`_codecs`). What only scripts registered, encodings and error handlers, is found
# here; `str.encode` and `bytes.decode` ask `_encode` and `_decode` for it.

import builtins as _builtins
import sys as _sys
from _codecs import canonical_name as _canonical_name, is_handler as _is_handler
from _codecs import encode_text as _encode_text, decode_part as _decode_part

__all__ = [
    "register", "unregister", "lookup", "open", "EncodedFile", "BOM", "BOM_BE", "BOM_LE", "BOM32_BE", "BOM32_LE",
    "BOM64_BE", "BOM64_LE", "BOM_UTF8", "BOM_UTF16", "BOM_UTF16_LE", "BOM_UTF16_BE", "BOM_UTF32", "BOM_UTF32_LE",
    "BOM_UTF32_BE", "CodecInfo", "Codec", "IncrementalEncoder", "IncrementalDecoder", "StreamReader", "StreamWriter",
    "StreamReaderWriter", "StreamRecoder", "getencoder", "getdecoder", "getincrementalencoder",
    "getincrementaldecoder", "getreader", "getwriter", "encode", "decode", "iterencode", "iterdecode",
    "strict_errors", "ignore_errors", "replace_errors", "xmlcharrefreplace_errors", "backslashreplace_errors",
    "namereplace_errors", "register_error", "lookup_error",
]

BOM_UTF8 = b"\xef\xbb\xbf"
BOM_LE = BOM_UTF16_LE = b"\xff\xfe"
BOM_BE = BOM_UTF16_BE = b"\xfe\xff"
BOM_UTF32_LE = b"\xff\xfe\x00\x00"
BOM_UTF32_BE = b"\x00\x00\xfe\xff"
if _sys.byteorder == "little":
    BOM = BOM_UTF16 = BOM_UTF16_LE
    BOM_UTF32 = BOM_UTF32_LE
else:
    BOM = BOM_UTF16 = BOM_UTF16_BE
    BOM_UTF32 = BOM_UTF32_BE
BOM32_LE = BOM_UTF16_LE
BOM32_BE = BOM_UTF16_BE
BOM64_LE = BOM_UTF32_LE
BOM64_BE = BOM_UTF32_BE


class CodecInfo(tuple):
    """What a search function gives: the functions and classes of an encoding."""

    _is_text_encoding = True

    def __new__(cls, encode, decode, streamreader=None, streamwriter=None, incrementalencoder=None,
                incrementaldecoder=None, name=None, *, _is_text_encoding=None):
        self = tuple.__new__(cls, (encode, decode, streamreader, streamwriter))
        self.name = name
        self.encode = encode
        self.decode = decode
        self.incrementalencoder = incrementalencoder
        self.incrementaldecoder = incrementaldecoder
        self.streamwriter = streamwriter
        self.streamreader = streamreader
        if _is_text_encoding is not None:
            self._is_text_encoding = _is_text_encoding
        return self

    def __repr__(self):
        cls = type(self)
        return f"<{cls.__module__}.{cls.__qualname__} object for encoding {self.name} at {id(self):#x}>"

    def __getnewargs__(self):
        return tuple(self)


# ----- Coders without state, with state, and on files -----

class Codec:
    """Encodes and decodes without state."""

    def encode(self, input, errors="strict"):
        raise NotImplementedError

    def decode(self, input, errors="strict"):
        raise NotImplementedError


class IncrementalEncoder:
    """Encodes text that comes in parts."""

    def __init__(self, errors="strict"):
        self.errors = errors
        self.buffer = ""

    def encode(self, input, final=False):
        raise NotImplementedError

    def reset(self):
        pass

    def getstate(self):
        return 0

    def setstate(self, state):
        pass


class BufferedIncrementalEncoder(IncrementalEncoder):
    """Keeps the part of the text that can't be encoded yet."""

    def __init__(self, errors="strict"):
        super().__init__(errors)
        self.buffer = ""

    def _buffer_encode(self, input, errors, final):
        raise NotImplementedError

    def encode(self, input, final=False):
        data = self.buffer + input
        result, n_used = self._buffer_encode(data, self.errors, final)
        self.buffer = data[n_used:]
        return result

    def reset(self):
        super().reset()
        self.buffer = ""

    def getstate(self):
        return self.buffer or 0

    def setstate(self, state):
        self.buffer = state or ""


class IncrementalDecoder:
    """Decodes bytes that come in parts."""

    def __init__(self, errors="strict"):
        self.errors = errors

    def decode(self, input, final=False):
        raise NotImplementedError

    def reset(self):
        pass

    def getstate(self):
        return (b"", 0)

    def setstate(self, state):
        pass


class BufferedIncrementalDecoder(IncrementalDecoder):
    """Keeps the bytes at the end that are no whole character yet."""

    def __init__(self, errors="strict"):
        super().__init__(errors)
        self.buffer = b""

    def _buffer_decode(self, input, errors, final):
        raise NotImplementedError

    def decode(self, input, final=False):
        data = self.buffer + input
        result, n_used = self._buffer_decode(data, self.errors, final)
        self.buffer = data[n_used:]
        return result

    def reset(self):
        super().reset()
        self.buffer = b""

    def getstate(self):
        return (self.buffer, 0)

    def setstate(self, state):
        self.buffer = state[0]


class StreamWriter(Codec):
    """Writes text to a file of bytes."""

    def __init__(self, stream, errors="strict"):
        self.stream = stream
        self.errors = errors

    def write(self, object):
        data, _ = self.encode(object, self.errors)
        self.stream.write(data)

    def writelines(self, list):
        self.write("".join(list))

    def reset(self):
        pass

    def seek(self, offset, whence=0):
        self.stream.seek(offset, whence)
        if whence == 0 and offset == 0:
            self.reset()

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def __enter__(self):
        return self

    def __exit__(self, type, value, tb):
        self.stream.close()


class StreamReader(Codec):
    """Reads text from a file of bytes."""

    charbuffertype = str

    def __init__(self, stream, errors="strict"):
        self.stream = stream
        self.errors = errors
        self.bytebuffer = b""
        self.charbuffer = self.charbuffertype()
        self.linebuffer = None

    def decode(self, input, errors="strict"):
        raise NotImplementedError

    def _fill(self, size):
        """Reads and decodes once more; whether anything came."""
        new = self.stream.read() if size < 0 else self.stream.read(size)
        data = self.bytebuffer + new
        if not data:
            return False
        text, n_used = self.decode(data, self.errors)
        self.bytebuffer = data[n_used:]
        self.charbuffer += text
        return bool(new)

    def read(self, size=-1, chars=-1, firstline=False):
        if size < 0 and chars < 0:
            while self._fill(-1):
                pass
            result, self.charbuffer = self.charbuffer, self.charbuffertype()
            return result
        if chars < 0:
            if not self.charbuffer:
                self._fill(size)
            result, self.charbuffer = self.charbuffer, self.charbuffertype()
            return result
        while len(self.charbuffer) < chars and self._fill(size if size >= 0 else 72):
            pass
        result, self.charbuffer = self.charbuffer[:chars], self.charbuffer[chars:]
        return result

    def readline(self, size=None, keepends=True):
        while True:
            lines = self.charbuffer.splitlines(keepends=True)
            # A carriage return at the very end may have its line feed still to come.
            if len(lines) > 1 or lines and lines[0][-1:] not in ("", "\r") and lines[0].splitlines()[0] != lines[0]:
                break
            if not self._fill(72 if size is None else size):
                break
        lines = self.charbuffer.splitlines(keepends=True)
        if not lines:
            return self.charbuffertype()
        line = lines[0]
        self.charbuffer = self.charbuffer[len(line):]
        return line if keepends else line.splitlines()[0]

    def readlines(self, sizehint=None, keepends=True):
        return self.read().splitlines(keepends)

    def reset(self):
        self.bytebuffer = b""
        self.charbuffer = self.charbuffertype()
        self.linebuffer = None

    def seek(self, offset, whence=0):
        self.stream.seek(offset, whence)
        self.reset()

    def __next__(self):
        line = self.readline()
        if line:
            return line
        raise StopIteration

    def __iter__(self):
        return self

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def __enter__(self):
        return self

    def __exit__(self, type, value, tb):
        self.stream.close()


class StreamReaderWriter:
    """Reads and writes text in a file of bytes."""

    encoding = "unknown"

    def __init__(self, stream, Reader, Writer, errors="strict"):
        self.stream = stream
        self.reader = Reader(stream, errors)
        self.writer = Writer(stream, errors)
        self.errors = errors

    def read(self, size=-1):
        return self.reader.read(size)

    def readline(self, size=None, keepends=True):
        return self.reader.readline(size, keepends)

    def readlines(self, sizehint=None, keepends=True):
        return self.reader.readlines(sizehint, keepends)

    def __next__(self):
        return next(self.reader)

    def __iter__(self):
        return self

    def write(self, data):
        return self.writer.write(data)

    def writelines(self, list):
        return self.writer.writelines(list)

    def reset(self):
        self.reader.reset()
        self.writer.reset()

    def seek(self, offset, whence=0):
        self.stream.seek(offset, whence)
        self.reader.reset()
        if whence == 0 and offset == 0:
            self.writer.reset()

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def __enter__(self):
        return self

    def __exit__(self, type, value, tb):
        self.stream.close()


class StreamRecoder:
    """Shows a file of bytes in one encoding as bytes in another one."""

    data_encoding = "unknown"
    file_encoding = "unknown"

    def __init__(self, stream, encode, decode, Reader, Writer, errors="strict"):
        self.stream = stream
        self.encode = encode
        self.decode = decode
        self.reader = Reader(stream, errors)
        self.writer = Writer(stream, errors)
        self.errors = errors

    def read(self, size=-1):
        return self.encode(self.reader.read(size), self.errors)[0]

    def readline(self, size=None):
        return self.encode(self.reader.readline(size), self.errors)[0]

    def readlines(self, sizehint=None):
        return self.encode(self.reader.read(), self.errors)[0].splitlines(keepends=True)

    def __next__(self):
        return self.encode(next(self.reader), self.errors)[0]

    def __iter__(self):
        return self

    def write(self, data):
        return self.writer.write(self.decode(data, self.errors)[0])

    def writelines(self, list):
        return self.write(b"".join(list))

    def reset(self):
        self.reader.reset()
        self.writer.reset()

    def seek(self, offset, whence=0):
        self.reader.seek(offset, whence)
        self.writer.seek(offset, whence)

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def __enter__(self):
        return self

    def __exit__(self, type, value, tb):
        self.stream.close()


# ----- Error handlers -----

_handlers = {}


def strict_errors(exception):
    """Raises the error."""
    if isinstance(exception, Exception):
        raise exception
    raise TypeError("codec must pass exception instance")


def ignore_errors(exception):
    """Leaves out what can't be coded."""
    if not isinstance(exception, UnicodeError) or not hasattr(exception, "end"):
        raise TypeError(f"don't know how to handle {type(exception).__name__} in error callback")
    return ("", exception.end)


def replace_errors(exception):
    """Puts a question mark or the replacement character."""
    if isinstance(exception, UnicodeEncodeError):
        return ("?" * (exception.end - exception.start), exception.end)
    if isinstance(exception, UnicodeDecodeError):
        return ("\ufffd", exception.end)
    if isinstance(exception, UnicodeTranslateError):
        return ("\ufffd" * (exception.end - exception.start), exception.end)
    raise TypeError(f"don't know how to handle {type(exception).__name__} in error callback")


def _encoded_by(exception, name):
    """What a handler in Rust puts for the part of a text."""
    if not isinstance(exception, UnicodeEncodeError):
        raise TypeError(f"don't know how to handle {type(exception).__name__} in error callback")
    part = exception.object[exception.start:exception.end]
    return (_encode_text("ascii", part, name).decode("ascii"), exception.end)


def xmlcharrefreplace_errors(exception):
    """Puts references to characters."""
    return _encoded_by(exception, "xmlcharrefreplace")


def namereplace_errors(exception):
    """Puts the names of characters."""
    return _encoded_by(exception, "namereplace")


def backslashreplace_errors(exception):
    """Puts escapes with backslashes."""
    if isinstance(exception, UnicodeDecodeError):
        part = exception.object[exception.start:exception.end]
        return ("".join(f"\\x{byte:02x}" for byte in part), exception.end)
    if isinstance(exception, UnicodeTranslateError):
        part = exception.object[exception.start:exception.end]
        return (_encode_text("ascii", part, "backslashreplace").decode("ascii"), exception.end)
    return _encoded_by(exception, "backslashreplace")


def _surrogates(name):
    def handle(exception):
        if isinstance(exception, UnicodeEncodeError):
            part = exception.object[exception.start:exception.end]
            try:
                return (_encode_text(exception.encoding, part, name), exception.end)
            except UnicodeEncodeError:
                raise exception from None
        if isinstance(exception, UnicodeDecodeError):
            part = exception.object[exception.start:exception.end]
            try:
                return (_decode_part(exception.encoding, part, name, True)[0], exception.end)
            except UnicodeDecodeError:
                raise exception from None
        raise TypeError(f"don't know how to handle {type(exception).__name__} in error callback")
    handle.__name__ = name
    return handle


_builtin_handlers = {
    "strict": strict_errors,
    "ignore": ignore_errors,
    "replace": replace_errors,
    "xmlcharrefreplace": xmlcharrefreplace_errors,
    "backslashreplace": backslashreplace_errors,
    "namereplace": namereplace_errors,
    "surrogateescape": _surrogates("surrogateescape"),
    "surrogatepass": _surrogates("surrogatepass"),
}


def register_error(errors, handler, /):
    """Gives an error handler a name."""
    if not isinstance(errors, str):
        raise TypeError(f"register_error() argument 1 must be str, not {type(errors).__name__}")
    if not callable(handler):
        raise TypeError("handler must be callable")
    _handlers[errors] = handler


def lookup_error(name, /):
    """The error handler of a name."""
    handler = _handlers.get(name) or _builtin_handlers.get(name)
    if handler is None:
        raise LookupError(f"unknown error handler name '{name}'")
    return handler


def _handled(handler, exception, object, kinds):
    """What a handler puts in, and where the coder goes on."""
    answer = handler(exception)
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise TypeError(f"{kinds[0]} error handler must return {kinds[1]} tuple")
    replacement, position = answer
    if not isinstance(replacement, kinds[2]) or not isinstance(position, int):
        raise TypeError(f"{kinds[0]} error handler must return {kinds[1]} tuple")
    if position < 0:
        position += len(object)
    if not 0 <= position <= len(object):
        raise IndexError(f"position {position} from error handler out of bounds")
    return replacement, position


def _encode_handled(encoding, text, errors):
    """Encodes with a handler of a script."""
    handler = lookup_error(errors)
    parts = []
    at = 0
    while True:
        try:
            parts.append(_encode_text(encoding, text[at:], "strict"))
            return b"".join(parts)
        except UnicodeEncodeError as error:
            start, end, reason, name = at + error.start, at + error.end, error.reason, error.encoding
        exception = UnicodeEncodeError(name, text, start, end, reason)
        replacement, position = _handled(handler, exception, text, ("encoding", "(str/bytes, int)", (str, bytes)))
        parts.append(_encode_text(encoding, text[at:start], "strict"))
        if isinstance(replacement, str):
            try:
                replacement = _encode_text(encoding, replacement, "strict")
            except UnicodeEncodeError:
                raise exception from None
        parts.append(replacement)
        at = position


def _decode_handled(encoding, data, errors, final):
    """Decodes with a handler of a script: the text, and how many bytes it took."""
    handler = lookup_error(errors)
    data = bytes(data)
    parts = []
    at = 0
    while True:
        try:
            text, n_used = _decode_part(encoding, data[at:], "strict", final)
            parts.append(text)
            return "".join(parts), at + n_used
        except UnicodeDecodeError as error:
            start, end, reason, name = at + error.start, at + error.end, error.reason, error.encoding
        exception = UnicodeDecodeError(name, data, start, end, reason)
        replacement, position = _handled(handler, exception, data, ("decoding", "(str, int)", str))
        parts.append(_decode_part(encoding, data[at:start], "strict", True)[0])
        parts.append(replacement)
        at = position


# ----- The encodings in Rust -----

def _encode_any(encoding, text, errors):
    if errors in _handlers or not _is_handler(errors):
        try:
            return _encode_text(encoding, text, "strict")
        except UnicodeEncodeError:
            return _encode_handled(encoding, text, errors)
    return _encode_text(encoding, text, errors)


def _decode_any(encoding, data, errors, final):
    if errors in _handlers or not _is_handler(errors):
        try:
            return _decode_part(encoding, data, "strict", final)
        except UnicodeDecodeError:
            return _decode_handled(encoding, data, errors, final)
    return _decode_part(encoding, data, errors, final)


def _functions(encoding):
    def encode(input, errors="strict", /):
        return _encode_any(encoding, input, errors or "strict"), len(input)

    def decode(input, errors="strict", final=True, /):
        return _decode_any(encoding, input, errors or "strict", final)

    name = encoding.replace("-", "_")
    encode.__name__ = encode.__qualname__ = name + "_encode"
    decode.__name__ = decode.__qualname__ = name + "_decode"
    return encode, decode


def _native_info(encoding):
    encode, decode = _functions(encoding)

    class Encoder(IncrementalEncoder):
        def __init__(self, errors="strict"):
            super().__init__(errors)
            self.is_first = True

        def encode(self, input, final=False):
            name = encoding
            if not self.is_first:
                name = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)
            self.is_first = self.is_first and not input
            return _encode_any(name, input, self.errors) if input or final else b""

        def reset(self):
            self.is_first = True

        def getstate(self):
            return 2 if self.is_first else 0

        def setstate(self, state):
            self.is_first = state != 0

    class Decoder(BufferedIncrementalDecoder):
        # The byte order that the first bytes said.
        order = None

        def _buffer_decode(self, input, errors, final):
            name = self.order or encoding
            if name in ("utf-16", "utf-32", "utf-8-sig"):
                n_mark = {"utf-16": 2, "utf-32": 4, "utf-8-sig": 3}[name]
                if len(input) < n_mark and not final:
                    return "", 0
                self.order = {
                    (b"\xfe\xff", "utf-16"): "utf-16-be", (BOM_UTF32_BE, "utf-32"): "utf-32-be",
                }.get((input[:n_mark], name), {"utf-8-sig": "utf-8"}.get(name, name + "-le"))
            return _decode_any(name, input, errors, final)

        def reset(self):
            super().reset()
            self.order = None

    class Writer(StreamWriter):
        def __init__(self, stream, errors="strict"):
            super().__init__(stream, errors)
            self.encoder = Encoder(errors)

        def encode(self, input, errors="strict"):
            self.encoder.errors = errors
            return self.encoder.encode(input), len(input)

        def reset(self):
            self.encoder.reset()

    class Reader(StreamReader):
        def decode(self, input, errors="strict"):
            return _decode_any(encoding, input, errors, False)

    return CodecInfo(encode, decode, Reader, Writer, Encoder, Decoder, encoding)


utf_8_encode, utf_8_decode = _functions("utf-8")
latin_1_encode, latin_1_decode = _functions("iso8859-1")
ascii_encode, ascii_decode = _functions("ascii")
utf_16_encode, utf_16_decode = _functions("utf-16")
utf_16_le_encode, utf_16_le_decode = _functions("utf-16-le")
utf_16_be_encode, utf_16_be_decode = _functions("utf-16-be")
utf_32_encode, utf_32_decode = _functions("utf-32")
utf_32_le_encode, utf_32_le_decode = _functions("utf-32-le")
utf_32_be_encode, utf_32_be_decode = _functions("utf-32-be")
unicode_escape_encode, unicode_escape_decode = _functions("unicode-escape")
raw_unicode_escape_encode, raw_unicode_escape_decode = _functions("raw-unicode-escape")


# ----- Encodings of bytes to bytes, and of text to text -----

def _hex_encode(input, errors="strict"):
    return bytes(input).hex().encode("ascii"), len(input)


def _hex_decode(input, errors="strict"):
    return bytes.fromhex(bytes(input).decode("ascii")), len(input)


_rot13 = {
    **{ord("a") + at: ord("a") + (at + 13) % 26 for at in range(26)},
    **{ord("A") + at: ord("A") + (at + 13) % 26 for at in range(26)},
}


def _rot13_code(input, errors="strict"):
    return str.translate(input, _rot13), len(input)


_others = {
    "hex": CodecInfo(_hex_encode, _hex_decode, name="hex", _is_text_encoding=False),
    "rot13": CodecInfo(_rot13_code, _rot13_code, name="rot13", _is_text_encoding=False),
}
_others["hex_codec"] = _others["hex"]
_others["rot_13"] = _others["rot13"]


# ----- The registry -----

_searches = []
_found = {}


def register(search_function, /):
    """Adds a function that finds encodings by name."""
    if not callable(search_function):
        raise TypeError("argument must be callable")
    _searches.append(search_function)


def unregister(search_function, /):
    """Takes it away again."""
    if search_function in _searches:
        _searches.remove(search_function)
        _found.clear()


def lookup(encoding, /):
    """The CodecInfo of a name."""
    if not isinstance(encoding, str):
        raise TypeError(f"lookup() argument must be str, not {type(encoding).__name__}")
    if "\x00" in encoding:
        raise ValueError("embedded null character")
    name = encoding.lower().replace(" ", "_")
    info = _found.get(name)
    if info is not None:
        return info
    canonical = _canonical_name(encoding)
    if canonical is not None:
        info = _native_info(canonical)
    else:
        info = _others.get(name.replace("-", "_"))
    for search in _searches:
        if info is not None:
            break
        info = search(name.replace("-", "_"))
        if info is not None and not (isinstance(info, tuple) and len(info) == 4):
            raise TypeError("codec search functions must return 4-tuples")
    if info is None:
        raise LookupError(f"unknown encoding: {encoding}")
    _found[name] = info
    return info


def encode(obj, encoding="utf-8", errors="strict"):
    """Encodes an object with any registered encoding."""
    result = lookup(encoding)[0](obj, errors)
    if not (isinstance(result, tuple) and len(result) == 2):
        raise TypeError("encoder must return a tuple (object, integer)")
    return result[0]


def decode(obj, encoding="utf-8", errors="strict"):
    """Decodes an object with any registered encoding."""
    result = lookup(encoding)[1](obj, errors)
    if not (isinstance(result, tuple) and len(result) == 2):
        raise TypeError("decoder must return a tuple (object,integer)")
    return result[0]


def _text_info(encoding, function):
    info = lookup(encoding)
    if not getattr(info, "_is_text_encoding", True):
        raise LookupError(
            f"'{encoding}' is not a text encoding; use codecs.{function}() to handle arbitrary codecs")
    return info


def _encode(text, encoding, errors):
    """`text.encode(encoding, errors)` with what scripts registered."""
    _text_info(encoding, "encode")
    data = encode(text, encoding, errors)
    if not isinstance(data, bytes):
        raise TypeError(
            f"'{encoding}' encoder returned '{type(data).__name__}' instead of 'bytes'; "
            "use codecs.encode() to encode to arbitrary types")
    return data


def _decode(data, encoding, errors):
    """`data.decode(encoding, errors)` with what scripts registered."""
    _text_info(encoding, "decode")
    text = decode(data, encoding, errors)
    if not isinstance(text, str):
        raise TypeError(
            f"'{encoding}' decoder returned '{type(text).__name__}' instead of 'str'; "
            "use codecs.decode() to decode to arbitrary types")
    return text


def getencoder(encoding):
    """The encoding function of a name."""
    return lookup(encoding).encode


def getdecoder(encoding):
    """The decoding function of a name."""
    return lookup(encoding).decode


def _part(encoding, part):
    found = getattr(lookup(encoding), part)
    if found is None:
        raise LookupError(encoding)
    return found


def getincrementalencoder(encoding):
    """The class that encodes text in parts."""
    return _part(encoding, "incrementalencoder")


def getincrementaldecoder(encoding):
    """The class that decodes bytes in parts."""
    return _part(encoding, "incrementaldecoder")


def getreader(encoding):
    """The class that reads text from a file of bytes."""
    return lookup(encoding).streamreader


def getwriter(encoding):
    """The class that writes text to a file of bytes."""
    return lookup(encoding).streamwriter


def iterencode(iterator, encoding, errors="strict", **kwargs):
    """The bytes of each text that an iterable gives."""
    encoder = getincrementalencoder(encoding)(errors, **kwargs)
    for input in iterator:
        output = encoder.encode(input)
        if output:
            yield output
    output = encoder.encode("", True)
    if output:
        yield output


def iterdecode(iterator, encoding, errors="strict", **kwargs):
    """The texts of the bytes that an iterable gives."""
    decoder = getincrementaldecoder(encoding)(errors, **kwargs)
    for input in iterator:
        output = decoder.decode(input)
        if output:
            yield output
    output = decoder.decode(b"", True)
    if output:
        yield output


def open(filename, mode="r", encoding=None, errors="strict", buffering=-1):
    """Opens a file of bytes as one of text."""
    if encoding is not None and "b" not in mode:
        mode += "b"
    file = _builtins.open(filename, mode, buffering)
    if encoding is None:
        return file
    try:
        info = lookup(encoding)
        wrapped = StreamReaderWriter(file, info.streamreader, info.streamwriter, errors)
        wrapped.encoding = encoding
        return wrapped
    except:
        file.close()
        raise


def EncodedFile(file, data_encoding, file_encoding=None, errors="strict"):
    """Shows a file in one encoding as bytes in another one."""
    if file_encoding is None:
        file_encoding = data_encoding
    data_info, file_info = lookup(data_encoding), lookup(file_encoding)
    recoder = StreamRecoder(
        file, data_info.encode, data_info.decode, file_info.streamreader, file_info.streamwriter, errors)
    recoder.data_encoding = data_encoding
    recoder.file_encoding = file_encoding
    return recoder


# ----- Maps of characters -----

def make_identity_dict(rng):
    """A dict of each number to itself."""
    return {number: number for number in rng}


def make_encoding_map(decoding_map):
    """The map for the other direction; what is there twice has no code."""
    result = {}
    for code, character in decoding_map.items():
        result[character] = None if character in result else code
    return result


def charmap_build(map, /):
    """The map for encoding of a text with the character of each byte."""
    return {ord(character): code for code, character in enumerate(map)}


def _mapped_decoding(byte, mapping):
    if mapping is None:
        return chr(byte)
    try:
        found = mapping[byte]
    except LookupError:
        return None
    if isinstance(found, int):
        if not 0 <= found <= 0x10FFFF:
            raise TypeError("character mapping must be in range(0x110000)")
        found = chr(found)
    if found is not None and not isinstance(found, str):
        raise TypeError("character mapping must return integer, None or str")
    return None if found == "\ufffe" else found


def charmap_decode(data, errors="strict", mapping=None, /):
    """Decodes with the character of each byte."""
    data = bytes(data)
    parts = []
    at = 0
    while at < len(data):
        part = _mapped_decoding(data[at], mapping)
        if part is None:
            exception = UnicodeDecodeError("charmap", data, at, at + 1, "character maps to <undefined>")
            part, at = _handled(lookup_error(errors or "strict"), exception, data, ("decoding", "(str, int)", str))
        else:
            at += 1
        parts.append(part)
    return "".join(parts), len(data)


def _mapped_encoding(character, mapping):
    if mapping is None:
        return bytes([ord(character)]) if ord(character) < 256 else None
    try:
        found = mapping[ord(character)]
    except LookupError:
        return None
    if isinstance(found, int):
        if not 0 <= found < 256:
            raise TypeError("character mapping must be in range(256)")
        return bytes([found])
    if found is not None and not isinstance(found, bytes):
        raise TypeError(f"character mapping must return integer, bytes or None, not {type(found).__name__}")
    return found


def charmap_encode(text, errors="strict", mapping=None, /):
    """Encodes with the byte of each character."""
    parts = []
    at = 0
    while at < len(text):
        part = _mapped_encoding(text[at], mapping)
        if part is not None:
            parts.append(part)
            at += 1
            continue
        end = at + 1
        while end < len(text) and _mapped_encoding(text[end], mapping) is None:
            end += 1
        exception = UnicodeEncodeError("charmap", text, at, end, "character maps to <undefined>")
        kinds = ("encoding", "(str/bytes, int)", (str, bytes))
        replacement, at = _handled(lookup_error(errors or "strict"), exception, text, kinds)
        if isinstance(replacement, str):
            for character in replacement:
                part = _mapped_encoding(character, mapping)
                if part is None:
                    raise exception
                parts.append(part)
        else:
            parts.append(replacement)
    return b"".join(parts), len(text)

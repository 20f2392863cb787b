# What scripts register is found by `str.encode` and `bytes.decode` too.
import codecs


def search(name):
    if name == "brackets":
        encode = lambda text, errors="strict": (b"<" + text.encode() + b">", len(text))
        decode = lambda data, errors="strict": (bytes(data).decode()[1:-1], len(data))
        return codecs.CodecInfo(encode, decode, name="brackets")


codecs.register(search)
print("abc".encode("brackets"), b"<abc>".decode("brackets"))    # expect: b'<abc>' abc
codecs.register_error("places", lambda error: (f"[{error.start}-{error.end}]", error.end))
print("aéèb".encode("ascii", "places"), b"a\xff".decode("utf-8", "places"))  # expect: b'a[1-3]b' a[1-2]
codecs.unregister(search)
try:
    "abc".encode("brackets")
except LookupError as error:
    print(error)                                # expect: unknown encoding: brackets

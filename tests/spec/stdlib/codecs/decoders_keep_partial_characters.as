# An incremental decoder gives a character once all its bytes are there.
import codecs

decoder = codecs.getincrementaldecoder("utf-8")()
print([decoder.decode(byte) for byte in (b"\xe2", b"\x82", b"\xac")])   # expect: ['', '', '€']
decoder = codecs.getincrementaldecoder("utf-16")()
print([decoder.decode(bytes([byte])) for byte in "hé".encode("utf-16")])  # expect: ['', '', '', 'h', '', 'é']

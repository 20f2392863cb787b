b = bytes([104, 105]) + b" there"
print(b, b[0], b[1:3], b.upper(), b.hex(" "), bytes.fromhex("00 ff"), b.split(), b.find(b"t"), 104 in b)   # expect: b'hi there' 104 b'i ' b'HI THERE' 68 69 20 74 68 65 72 65 b'\x00\xff' [b'hi', b'there'] 3 True
print(bytes(3), bytes("é", "utf-8"), b"\xc3\xa9".decode(), repr(b"'\"\n"), b"%d-%s" % (5, b"x"))   # expect: b'\x00\x00\x00' b'\xc3\xa9' é b'\'"\n' b'5-x'
try:
    bytes([256])
except ValueError as error:
    print(error)   # expect: bytes must be in range(0, 256)
try:
    b"a" + "b"
except TypeError as error:
    print(error)   # expect: can't concat str to bytes

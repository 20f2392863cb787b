try:
    b"a\xffb".decode()
except UnicodeDecodeError as error:
    print(error, error.start, error.end, error.reason)   # expect: 'utf-8' codec can't decode byte 0xff in position 1: invalid start byte 1 2 invalid start byte
print(b"a\xffb".decode(errors="replace"), b"a\xffb".decode("ascii", "ignore"), b"\xff".decode(errors="backslashreplace"))   # expect: a�b ab \xff
try:
    "é".encode("ascii")
except UnicodeEncodeError as error:
    print(error)   # expect: 'ascii' codec can't encode character '\xe9' in position 0: ordinal not in range(128)
print("é".encode("ascii", "xmlcharrefreplace"), "\ud800".encode("utf-8", "surrogatepass"))   # expect: b'&#233;' b'\xed\xa0\x80'

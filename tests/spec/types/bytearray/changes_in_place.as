b = bytearray(b"hello")
b[0] = 72
b[1:3] = b"E--L"
b.append(33)
b += b"?"
del b[-1]
print(b, len(b), b.pop(), b.pop(0), bytes(b))   # expect: bytearray(b'E--Llo') 8 33 72 b'E--Llo'
b.reverse()
print(b, b == bytes(b), b.find(b"L"))   # expect: bytearray(b'olL--E') True 2

data = bytearray(b"abcdef")
view = memoryview(data)
view[1:3] = b"XY"
print(data, view[0], view[-1:].tobytes(), len(view), view.readonly, bytes(view[::2]))   # expect: bytearray(b'aXYdef') 97 b'f' 6 False b'aYe'
try:
    data.append(1)
except BufferError as error:
    print(error)   # expect: Existing exports of data: object cannot be re-sized
view.release()
data.append(103)
print(data)   # expect: bytearray(b'aXYdefg')

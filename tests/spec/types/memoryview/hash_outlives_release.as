# The hash of a view is that of its bytes, and is kept.
view = memoryview(b"abc")
print(hash(view) == hash(b"abc"))               # expect: True
view.release()
print(hash(view) == hash(b"abc"))               # expect: True
try:
    hash(memoryview(bytearray(b"abc")))
except ValueError as error:
    print(error)                                # expect: cannot hash writable memoryview object

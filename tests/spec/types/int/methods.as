n = 1000
print(n.bit_length(), n.bit_count(), n.to_bytes(2, "big"), (-1).to_bytes(2, "little", signed=True))   # expect: 10 6 b'\x03\xe8' b'\xff\xff'
print(int.from_bytes(b"\x03\xe8"), int.from_bytes(b"\xff\xff", signed=True), n.as_integer_ratio(), n.is_integer())   # expect: 1000 -1 (1000, 1) True
try:
    (256).to_bytes(1)
except OverflowError as error:
    print(error)   # expect: int too big to convert

# ends: MemoryError or OverflowError
n = 1
while True: n <<= n.bit_length() * 1000

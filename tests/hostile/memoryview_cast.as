# ends: TypeError or ValueError
memoryview(bytearray(10)).cast("B", [10**10, 10**10])

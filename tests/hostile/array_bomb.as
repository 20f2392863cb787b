# ends: MemoryError
import array
a = array.array("d", [1.0])
while True: a.extend(a)

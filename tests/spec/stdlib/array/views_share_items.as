# A view of an array sees its items, and keeps its length.
from array import array

a = array("i", [1, 2, 3])
view = memoryview(a)
view[0] = 9
print(a, view.format, view.tolist())            # expect: array('i', [9, 2, 3]) i [9, 2, 3]
try:
    a.append(4)
except BufferError as error:
    print(error)                                # expect: cannot resize an array that is exporting buffers
view.release()
a.append(4)
print(a[::2], len(a), a.itemsize)               # expect: array('i', [9, 3]) 4 4

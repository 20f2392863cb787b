import io
buffer = io.StringIO()
print(1, "two", [3], sep="-", end="!\n", file=buffer)
print(repr(buffer.getvalue()))   # expect: '1-two-[3]!\n'
print("a", "b", sep="")   # expect: ab
print(*range(3), sep=", ")   # expect: 0, 1, 2
try:
    print("x", sep=5)
except TypeError as error:
    print(error)   # expect: sep must be None or a string, not int

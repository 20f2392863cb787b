# stdin: first
# stdin: 42
print(repr(input()))   # expect: 'first'
print(int(input("")) + 1)   # expect: 43
try:
    input()
except EOFError as error:
    print(error)   # expect: EOF when reading a line

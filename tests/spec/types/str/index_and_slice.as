s = "naïve😀text"
print(s[5], s[-1], s[2:6], s[::-1], len(s), s[10:2], s[1:9:3])   # expect: 😀 t ïve😀 txet😀evïan 10  aee
try:
    s[20]
except IndexError as error:
    print(error)   # expect: string index out of range
try:
    s["a"]
except TypeError as error:
    print(error)   # expect: string indices must be integers, not 'str'

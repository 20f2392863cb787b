items = [1, 2, 3]
for item in items:
    if item < 4:
        items.append(item + 3)
print(items)   # expect: [1, 2, 3, 4, 5, 6]
d = {"a": 1}
try:
    for key in d:
        d[key + "x"] = 1
except RuntimeError as error:
    print(error)   # expect: dictionary changed size during iteration

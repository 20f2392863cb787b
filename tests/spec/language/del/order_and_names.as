class Item:
    def __delitem__(self, key): print("delitem", key)   # expect: delitem slice(1, 2, None)
    def __delattr__(self, name): print("delattr", name)   # expect: delattr name
item = Item()
x = [1, 2, 3, 4]
del item[1:2], item.name, x[::2]
print(x)   # expect: [2, 4]
del x
try:
    x
except NameError as error:
    print(error)   # expect: name 'x' is not defined

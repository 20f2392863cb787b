# ends: ValueError
items = [3, 1, 2]
def key(x):
    items.extend([1] * 1000)
    return x
items.sort(key=key)

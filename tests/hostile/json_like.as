# ends: RecursionError
def walk(x):
    return [walk(y) for y in x]
a = []
a.append(a)
walk(a)

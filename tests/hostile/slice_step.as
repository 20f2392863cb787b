# ends: ValueError
a = list(range(10))
a[::0] = []

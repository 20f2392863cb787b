def counter():
    count = 0
    def increment(by=1):
        nonlocal count
        count += by
        return count
    def read():
        return count
    return increment, read

increment, read = counter()
increment()
increment(10)
print(read())   # expect: 11
other, other_read = counter()
print(other(), other_read(), read())   # expect: 1 1 11

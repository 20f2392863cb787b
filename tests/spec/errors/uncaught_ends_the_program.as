def fail(items):
    return items[5]  # expect raise: IndexError: list index out of range

print("before")  # expect: before
fail([1])
print("never")

def f():
    try:
        return "try"
    finally:
        return "finally"
def g():
    while True:
        try:
            1 / 0
        finally:
            break
    return "swallowed"
print(f(), g())   # expect: finally swallowed

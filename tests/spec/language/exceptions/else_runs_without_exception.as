def f(value):
    try:
        result = 10 // value
    except ZeroDivisionError:
        return "handler"
    else:
        return f"else {result}"
    finally:
        print("finally", value)   # expect: finally 0
print(f(0))   # expect: handler
# expect: finally 3
print(f(3))   # expect: else 3

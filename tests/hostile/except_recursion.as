# ends: RecursionError
def f():
    try: f()
    except RecursionError: raise
f()

# ends: RecursionError
import traceback
def f(n):
    try: f(n + 1)
    except RecursionError as e:
        text = traceback.format_exc()
        raise
f(0)

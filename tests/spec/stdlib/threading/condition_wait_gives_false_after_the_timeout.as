import threading

condition = threading.Condition()
with condition:
    print(condition.wait(timeout=5))    # expect: False
try:
    condition.notify()
except RuntimeError as error:
    print(error)                        # expect: cannot notify on un-acquired lock

import threading
import warnings

condition = threading.Condition()
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    with condition:
        condition.notifyAll()
    threading.currentThread()
print([(warning.category.__name__, warning.lineno) for warning in caught])  # expect: [('DeprecationWarning', 8), ('DeprecationWarning', 9)]

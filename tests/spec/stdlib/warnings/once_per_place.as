import warnings

def careless():
    warnings.warn("hello")

with warnings.catch_warnings(record=True) as log:
    warnings.simplefilter("default")
    careless()
    careless()
    warnings.warn("old", DeprecationWarning)
print([(str(warning.message), warning.category.__name__, warning.lineno) for warning in log])
# expect: [('hello', 'UserWarning', 4), ('old', 'DeprecationWarning', 10)]
with warnings.catch_warnings():
    warnings.filterwarnings("error", "he.*o")
    try:
        careless()
    except UserWarning as warning:
        print("raised", warning)   # expect: raised hello

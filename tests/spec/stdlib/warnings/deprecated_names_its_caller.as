import warnings

@warnings.deprecated("use new()")
def old():
    pass

with warnings.catch_warnings(record=True) as log:
    warnings.simplefilter("always")
    old()
print(log[0].message, log[0].lineno)   # expect: use new() 9
print(old.__deprecated__)              # expect: use new()

try:
    raise ValueError("x")
except ValueError as error:
    kept = error
try:
    error
except NameError as missing:
    print(missing)   # expect: name 'error' is not defined
print(kept.args)   # expect: ('x',)

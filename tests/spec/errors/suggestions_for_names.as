value = 1
try:
    valeu
except NameError as error:
    print(error, error.name)   # expect: name 'valeu' is not defined valeu
class A:
    colour = 1
try:
    A().color
except AttributeError as error:
    print(error, error.name, type(error.obj).__name__)   # expect: 'A' object has no attribute 'color' color A

print(isinstance(1, (str, int)), isinstance(1, int | str), issubclass(bool, int), isinstance(None, type(None)))   # expect: True True True True
class Meta(type):
    def __instancecheck__(cls, instance): return instance == "yes"
class Special(metaclass=Meta): ...
print(isinstance("yes", Special), isinstance("no", Special))   # expect: True False
try:
    isinstance(1, 5)
except TypeError as error:
    print(error)   # expect: isinstance() arg 2 must be a type, a tuple of types, or a union

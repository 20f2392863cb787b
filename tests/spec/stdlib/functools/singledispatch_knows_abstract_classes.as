from collections.abc import Mapping
from functools import singledispatch

@singledispatch
def kind(x):
    return "object"

@kind.register
def _(x: int):
    return "int"

kind.register(Mapping, lambda x: "mapping")
print(kind(1), kind(True), kind({}), kind("a"))   # expect: int int mapping object

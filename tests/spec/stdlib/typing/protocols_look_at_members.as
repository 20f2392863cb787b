import typing

@typing.runtime_checkable
class Closable(typing.Protocol):
    def close(self): ...

class File:
    def close(self):
        pass

class Plain(typing.Protocol):
    x: int

print(isinstance(File(), Closable), isinstance(5, Closable))   # expect: True False
try:
    isinstance(5, Plain)
except TypeError as error:
    print(error)   # expect: Instance and class checks can only be used with @runtime_checkable protocols

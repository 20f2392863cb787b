# ends: RecursionError
class M(type):
    def __instancecheck__(cls, obj): return isinstance(obj, cls)
class A(metaclass=M): pass
isinstance(1, A)

# ends: RecursionError
class A:
    x = property(lambda self: self.x)
A().x

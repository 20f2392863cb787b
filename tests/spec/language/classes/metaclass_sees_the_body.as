class Meta(type):
    @classmethod
    def __prepare__(metacls, name, bases, **kwargs):
        print("prepare", name, kwargs)   # expect: prepare C {'flag': True}
        return {}
    def __new__(metacls, name, bases, namespace, **kwargs):
        cls = super().__new__(metacls, name, bases, namespace)
        cls.listed = [key for key in namespace if not key.startswith("_")]
        return cls
    def __init__(cls, name, bases, namespace, flag=False):
        super().__init__(name, bases, namespace)
        cls.flag = flag
    def __call__(cls, *args):
        print("call", args)   # expect: call (7,)
        return super().__call__(*args)

class C(metaclass=Meta, flag=True):
    def __init__(self, x): self.x = x
    def method(self): ...

print(C(7).x, C.flag, C.listed, type(C))   # expect: 7 True ['method'] <class '__main__.Meta'>

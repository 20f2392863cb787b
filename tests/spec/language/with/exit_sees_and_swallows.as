class Manager:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow
    def __enter__(self):
        print("enter", self.name)   # expect: enter outer
        # expect: enter inner
        return self.name
    def __exit__(self, kind, value, traceback):
        print("exit", self.name, repr(value))
        return self.swallow

with Manager("outer", swallow=True) as outer, Manager("inner") as inner:
    print(outer, inner)   # expect: outer inner
    # expect: exit inner ValueError('x')
    # expect: exit outer ValueError('x')
    raise ValueError("x")

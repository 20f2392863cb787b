class Tool:
    made = 0
    def __new__(cls, *args):
        cls.made += 1
        return super().__new__(cls)
    @staticmethod
    def double(x): return 2 * x
    @classmethod
    def name(cls): return cls.__name__
    def own(self): return __class__.__name__

class Hammer(Tool): ...
print(Hammer.double(4), Hammer.name(), Hammer().own())   # expect: 8 Hammer Tool
print(Hammer.made, Tool.made)   # expect: 1 0

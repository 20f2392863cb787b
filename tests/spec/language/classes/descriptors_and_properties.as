class Positive:
    def __set_name__(self, owner, name):
        self.name = "_" + name
    def __get__(self, instance, owner=None):
        return self if instance is None else getattr(instance, self.name)
    def __set__(self, instance, value):
        if value <= 0:
            raise ValueError(f"{self.name[1:]} must be positive")
        setattr(instance, self.name, value)

class Box:
    width = Positive()
    def __init__(self, width):
        self.width = width
    @property
    def area(self):
        return self.width ** 2

box = Box(3)
print(box.area, box.__dict__)   # expect: 9 {'_width': 3}
try:
    box.width = 0
except ValueError as error:
    print(error)   # expect: width must be positive
try:
    box.area = 1
except AttributeError as error:
    print(error)   # expect: property 'area' of 'Box' object has no setter

class Point:
    __slots__ = ("x", "y")
    def __init__(self, x, y):
        self.x, self.y = x, y

point = Point(1, 2)
print(point.x, point.y, hasattr(point, "__dict__"))   # expect: 1 2 False
try:
    point.z = 3
except AttributeError as error:
    print(error)   # expect: 'Point' object has no attribute 'z' and no __dict__ for setting new attributes
del point.x
try:
    point.x
except AttributeError as error:
    print(error)   # expect: 'Point' object has no attribute 'x'

"""Instances: attributes, methods, a property, an operator, a subclass."""


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    @property
    def size(self):
        return abs(self.x) + abs(self.y)

    def turned(self):
        return Point(-self.y, self.x)


class Mover(Point):
    moved = 0

    def step(self, by):
        self.x += by.x
        self.y += by.y
        Mover.moved += 1
        return self


mover, by, total = Mover(0, 0), Point(1, 2), 0
for i in range(150_000):
    total += mover.step(by).size
    by = (by + by.turned()).turned() if i % 8 == 0 and by.size < 1000 else Point(1, 2)
print(total, Mover.moved, mover.x, mover.y)

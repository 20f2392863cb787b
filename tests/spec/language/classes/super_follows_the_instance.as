class Base:
    def __init__(self):
        self.calls = ["Base"]
class Left(Base):
    def __init__(self):
        super().__init__()
        self.calls.append("Left")
class Right(Base):
    def __init__(self):
        super().__init__()
        self.calls.append("Right")
class Both(Left, Right):
    def __init__(self):
        super().__init__()
        self.calls.append("Both")

print(Both().calls)   # expect: ['Base', 'Right', 'Left', 'Both']

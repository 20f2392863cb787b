import math
class Color:
    RED = "red"
match "red":
    case Color.RED:
        print("it is red")   # expect: it is red
match math.pi:
    case math.e: print("e")
    case math.pi: print("pi")   # expect: pi

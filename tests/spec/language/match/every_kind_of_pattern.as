class Point:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y

def describe(subject):
    match subject:
        case 0 | 1: return "small"
        case int(n) if n < 0: return f"negative {n}"
        case "a" "b": return "text ab"
        case [] | (): return "empty"
        case [first, *_, last]: return f"{first}..{last}"
        case {"kind": kind, **rest}: return f"{kind} with {rest}"
        case Point(0, y=y): return f"on the axis at {y}"
        case Point(x=x) as point: return f"{type(point).__name__} {x}"
        case None | True: return "singleton"
        case _: return "other"

for subject in (1, -5, "ab", [], (1, 2, 3), {"kind": "k", "n": 1}, Point(0, 3), Point(1, 2), None, 2.5, "abc", b"x"):
    print(describe(subject))   # expect: small
    # expect: negative -5
    # expect: text ab
    # expect: empty
    # expect: 1..3
    # expect: k with {'n': 1}
    # expect: on the axis at 3
    # expect: Point 1
    # expect: singleton
    # expect: other
    # expect: other
    # expect: other

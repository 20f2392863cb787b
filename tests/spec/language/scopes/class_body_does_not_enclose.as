x = "global"
class C:
    x = "class"
    seen = [x for _ in range(1)]
    direct = x
    def method(self):
        return x

print(C.seen, C.direct, C().method())   # expect: ['global'] class global

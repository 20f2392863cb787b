class A:
    def f(self, x): return self, x
a = A()
bound = a.f
print(bound.__self__ is a, bound.__func__ is A.f, bound == a.f, bound is a.f, A.f(a, 1)[1], bound(2)[1])   # expect: True True True False 1 2
other = A()
print(A.f.__get__(other)(3)[0] is other, [].append.__name__, str.upper("x"))   # expect: True append X

import weakref

class Money:
    def __init__(self, n):
        self.n = n
    def __matmul__(self, other):
        return ("matmul", other)
    def __rmatmul__(self, other):
        return ("rmatmul", other)
    def __rsub__(self, other):
        return other - self.n
    def __divmod__(self, other):
        return divmod(self.n, other)
    def __pow__(self, other, modulus=None):
        return pow(self.n, other, modulus)
    def __lshift__(self, other):
        return self.n << other
    def __abs__(self):
        return abs(self.n)
    def __invert__(self):
        return ~self.n
    def __iadd__(self, other):
        self.n += other
        return self

money = Money(7)
proxy = weakref.proxy(money)
print(proxy @ 1, 1 @ proxy, 10 - proxy, divmod(proxy, 2))     # expect: ('matmul', 1) ('rmatmul', 1) 3 (3, 1)
print(proxy ** 2, pow(proxy, 2, 5), proxy << 1, abs(proxy), ~proxy)     # expect: 49 4 14 7 -8
proxy += 1
print(proxy is money, money.n)     # expect: True 8

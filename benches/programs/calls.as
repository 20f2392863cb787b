"""Calls of functions: recursion, default arguments, a closure."""


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def adder(step):
    def add(x, times=1):
        return x + step * times

    return add


add = adder(3)
total = 0
for i in range(300_000):
    total = add(total, 2) - add(total)
print(fib(25), total)

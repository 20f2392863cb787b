"""Loops over ints, floats and lists: a sieve, and the points of a small Mandelbrot set."""


def sieve(n):
    flags = [True] * n
    for i in range(2, n):
        if flags[i]:
            for j in range(i * i, n, i):
                flags[j] = False
    return sum(flags) - 2


def inside(cr, ci):
    zr = zi = 0.0
    for _ in range(60):
        zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
        if zr * zr + zi * zi > 4.0:
            return False
    return True


print(sieve(400_000), sum(inside(x / 40 - 2, y / 40 - 1) for x in range(120) for y in range(80)))

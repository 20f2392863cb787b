def f(data):
    found = [last := n for n in data if (square := n * n) > 4]
    return found, last, square
print(f([1, 2, 3, 4]))   # expect: ([3, 4], 4, 16)
print([y for x in range(3) if (y := x + 10) % 2])   # expect: [11]

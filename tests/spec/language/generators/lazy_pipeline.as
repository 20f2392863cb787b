def numbers():
    n = 0
    while True:
        print("make", n)   # expect: make 0
        yield n
        n += 1

squares = (n * n for n in numbers())
even = (n for n in squares if n % 2 == 0)
print(next(even))   # expect: 0
# expect: make 1
# expect: make 2
print(next(even))   # expect: 4

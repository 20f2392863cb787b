print(chr(128512), ord("é"), hex(255), bin(-5), oct(64), abs(-3.5), round(3.14159, 3), divmod(17, 5), pow(2, 10))   # expect: 😀 233 0xff -0b101 0o100 3.5 3.142 (3, 2) 1024
print(str(b"x"), repr("x"), ascii("é"), format(3.14159, ".2f"), hash("a") == hash("a"), callable(len), id(1) == id(1))   # expect: b'x' 'x' '\xe9' 3.14 True True True
for action in (lambda: chr(-1), lambda: ord("ab"), lambda: abs("x"), lambda: round("x"), lambda: hash([])):
    try:
        action()
    except (ValueError, TypeError) as error:
        print(error)   # expect: chr() arg not in range(0x110000)
        # expect: ord() expected a character, but string of length 2 found
        # expect: bad operand type for abs(): 'str'
        # expect: type str doesn't define __round__ method
        # expect: unhashable type: 'list'

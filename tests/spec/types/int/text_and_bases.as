print(int("0x1f", 16), int("  12_000 "), int("-0b101", 0), int("zz", 36), int(b"17"))   # expect: 31 12000 -5 1295 17
print(hex(-255), oct(8), bin(10), 0x_ff, 0b1_0)   # expect: -0xff 0o10 0b1010 255 2
for text in ("", "1.5", "0x", "1__0", "٣x"):
    try:
        print(int(text))
    except ValueError as error:
        print(error)   # expect: invalid literal for int() with base 10: ''
        # expect: invalid literal for int() with base 10: '1.5'
        # expect: invalid literal for int() with base 10: '0x'
        # expect: invalid literal for int() with base 10: '1__0'
        # expect: invalid literal for int() with base 10: '٣x'
print(int("٣"), int(3.99), int(-3.99), int(True))   # expect: 3 3 -3 1

print(7 // 2, -7 // 2, 7 // -2, -7 % 3, 7 % -3)   # expect: 3 -4 -4 2 -2
print(7.5 // 2, -7.5 % 2, divmod(-7, 2), divmod(7, -2.0))   # expect: 3.0 0.5 (-4, 1) (-4.0, -1.0)
print(2 ** 100, 2 ** -1, (-8) ** (1/3) == complex(1.0000000000000002, 1.7320508075688772))   # expect: 1267650600228229401496703205376 0.5 True
for expression in ("1 // 0", "1.0 / 0", "1 % 0", "0 ** -1"):
    try:
        eval(expression)
    except ZeroDivisionError as error:
        print(error)   # expect: integer division or modulo by zero
        # expect: float division by zero
        # expect: integer modulo by zero
        # expect: 0.0 cannot be raised to a negative power

print(1.0, 1e16, 1e15, 0.1 + 0.2, 1e-5, 0.0001, -0.0, 1e22, 123456789012345680.0)   # expect: 1.0 1e+16 1000000000000000.0 0.30000000000000004 1e-05 0.0001 -0.0 1e+22 1.2345678901234568e+17
print(float("inf"), float("-nan"), float(" 1_0.5e3 "), float.hex(0.1), float.fromhex("0x1.8p1"))   # expect: inf nan 10500.0 0x1.999999999999ap-4 3.0
print(round(2.5), round(3.5), round(2.675, 2), round(-0.5), round(1234.5, -2))   # expect: 2 4 2.67 0 1200.0
print((0.5).as_integer_ratio(), (3.0).is_integer(), 1e308 * 10, float("nan") == float("nan"))   # expect: (1, 2) True inf False
try:
    float("1.2.3")
except ValueError as error:
    print(error)   # expect: could not convert string to float: '1.2.3'

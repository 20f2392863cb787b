z = 3 + 4j
print(abs(z), z.conjugate(), z * z, z / 2, z ** 2, -z, z == 3 + 4j)   # expect: 5.0 (3-4j) (-7+24j) (1.5+2j) (-7+24j) (-3-4j) True
print(complex("1-2j"), complex(1, 2), 1j ** 2, repr(complex(0, -0.0)), complex(-0.0, 1))   # expect: (1-2j) (1+2j) (-1+0j) -0j (-0+1j)
try:
    z < z
except TypeError as error:
    print(error)   # expect: '<' not supported between instances of 'complex' and 'complex'

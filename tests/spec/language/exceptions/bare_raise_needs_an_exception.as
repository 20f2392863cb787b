try:
    raise
except RuntimeError as error:
    print(error)   # expect: No active exception to reraise
try:
    raise 42
except TypeError as error:
    print(error)   # expect: exceptions must derive from BaseException
def again():
    raise
try:
    try:
        [][0]
    except IndexError:
        again()
except IndexError as error:
    print("again", error)   # expect: again list index out of range

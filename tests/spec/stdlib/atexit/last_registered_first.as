import atexit

atexit.register(print, "second")
atexit.register(print, "first", end="!\n")
print("program")
# expect: program
# expect: first!
# expect: second

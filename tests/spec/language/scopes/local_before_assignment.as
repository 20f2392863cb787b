x = 1
def f():
    try:
        print(x)
    except UnboundLocalError as error:
        print(error)   # expect: cannot access local variable 'x' where it is not associated with a value
    x = 2
    print(x)   # expect: 2
f()
print(x)   # expect: 1

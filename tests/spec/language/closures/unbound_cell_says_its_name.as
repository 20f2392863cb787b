def outer():
    def inner():
        return value
    try:
        inner()
    except NameError as error:
        print(error)   # expect: cannot access free variable 'value' where it is not associated with a value in enclosing scope
    value = 1
    print(inner())   # expect: 1
    del value
    try:
        inner()
    except NameError as error:
        print(error)   # expect: cannot access free variable 'value' where it is not associated with a value in enclosing scope

outer()

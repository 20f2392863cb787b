for value, spec in ((1, "s"), ("a", "d"), (1.5, "x"), (1, "zz"), ([], "5"), (1, ",n")):
    try:
        format(value, spec)
    except (ValueError, TypeError) as error:
        print(error)   # expect: Unknown format code 's' for object of type 'int'
        # expect: Unknown format code 'd' for object of type 'str'
        # expect: Unknown format code 'x' for object of type 'float'
        # expect: Unknown format code 'z' for object of type 'int'
        # expect: unsupported format string passed to list.__format__
        # expect: Cannot specify ',' with 'n'.

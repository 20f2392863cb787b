class NoExit:
    def __enter__(self): ...
for thing in (1, NoExit()):
    try:
        with thing:
            pass
    except TypeError as error:
        print(error)   # expect: 'int' object does not support the context manager protocol
        # expect: 'NoExit' object does not support the context manager protocol (missed __exit__ method)

def make():
    class Inner(unknown=1):
        pass

try:
    make()
except TypeError as error:
    print(error)     # expect: make.<locals>.Inner.__init_subclass__() takes no keyword arguments

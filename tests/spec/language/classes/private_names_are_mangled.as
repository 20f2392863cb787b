class A:
    def __init__(self):
        self.__secret = 1
    def read(self):
        return self.__secret
class B(A):
    def __init__(self):
        super().__init__()
        self.__secret = 2

print(sorted(B().__dict__.items()), B().read())   # expect: [('_A__secret', 1), ('_B__secret', 2)] 1

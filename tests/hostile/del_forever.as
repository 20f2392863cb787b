# ends: stopped or normally
class A:
    def __del__(self): A()
A()
while True: [A() for _ in range(100)]

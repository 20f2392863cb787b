class Trouble(Exception): ...

class Nested:
    class Inner(Exception): ...

print("start")  # expect: start
raise Nested.Inner("with text", 5)  # expect raise: Nested.Inner: ('with text', 5)

from contextlib import ExitStack, contextmanager

@contextmanager
def room(name):
    print("enter", name)
    try:
        yield name
    except ValueError as error:
        print(name, "caught", error)

with ExitStack() as stack:
    stack.callback(print, "last")
    stack.enter_context(room("a"))   # expect: enter a
    stack.enter_context(room("b"))   # expect: enter b
    raise ValueError("oops")
# expect: b caught oops
# expect: last
print("on")   # expect: on

from contextlib import contextmanager

@contextmanager
def step(name):
    print("enter", name)   # expect: enter a
    # expect: enter b
    try:
        yield name
    finally:
        print("exit", name)

with (
    step("a") as a,
    step("b"),
):
    print("inside", a)   # expect: inside a
    # expect: exit b
    # expect: exit a

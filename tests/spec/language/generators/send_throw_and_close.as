def generator():
    try:
        received = yield "first"
        print("received", received)
        try:
            yield "second"
        except ValueError as error:
            print("caught", error)
            yield "third"
    finally:
        print("cleanup")

g = generator()
print(next(g))   # expect: first
# expect: received hello
print(g.send("hello"))   # expect: second
# expect: caught oops
print(g.throw(ValueError("oops")))   # expect: third
# expect: cleanup
g.close()
print(next(g, "finished"))   # expect: finished

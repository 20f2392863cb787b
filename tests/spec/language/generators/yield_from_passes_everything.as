def inner():
    got = yield 1
    print("inner got", got)
    try:
        yield 2
    except KeyError as error:
        print("inner caught", repr(error))
    return "result"

def outer():
    result = yield from inner()
    yield f"outer has {result}"

g = outer()
print(next(g))   # expect: 1
# expect: inner got x
print(g.send("x"))   # expect: 2
# expect: inner caught KeyError('k')
print(g.throw(KeyError("k")))   # expect: outer has result
print(list(g))   # expect: []

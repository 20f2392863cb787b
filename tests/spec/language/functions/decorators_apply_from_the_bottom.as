def tag(name):
    def decorate(function):
        def wrapper(*args):
            return f"<{name}>{function(*args)}</{name}>"
        return wrapper
    return decorate

@tag("p")
@tag("b")
def greet(who):
    return f"hello {who}"

print(greet("you"))   # expect: <p><b>hello you</b></p>

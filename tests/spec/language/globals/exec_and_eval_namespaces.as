space = {"a": 1}
exec("b = a + 1\ndef f(): return a * 10", space)
print(space["b"], space["f"]())   # expect: 2 10
print(eval("a + b", space), eval("x * 2", {}, {"x": 21}))   # expect: 3 42
code = compile("1 + 2", "<text>", "eval")
print(eval(code))   # expect: 3
try:
    eval("1 +")
except SyntaxError as error:
    print(error.msg, error.lineno)   # expect: invalid syntax 1

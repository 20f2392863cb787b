import warnings

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    compile("x is 1\ny = '\\d'\n'a'()", "<text>", "exec")
    exec("assert (1, 'never')")
for one in seen:
    print(one.filename, one.lineno, one.category.__name__, one.message)
# expect: <text> 2 SyntaxWarning invalid escape sequence '\d'
# expect: <text> 1 SyntaxWarning "is" with 'int' literal. Did you mean "=="?
# expect: <text> 3 SyntaxWarning 'str' object is not callable; perhaps you missed a comma?
# expect: <string> 1 SyntaxWarning assertion is always true, perhaps remove parentheses?

with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        compile("\nx = '\\d'\n", "<text>", "exec")
    except SyntaxError as error:
        print(error, error.args[1][1:])     # expect: invalid escape sequence '\d' (<text>, line 2) (2, 5, "x = '\\d'\n", 2, 9)

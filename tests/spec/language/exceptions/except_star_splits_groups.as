group = ExceptionGroup("several", [ValueError(1), TypeError(2), ExceptionGroup("inner", [ValueError(3), OSError(4)])])
try:
    try:
        raise group
    except* ValueError as values:
        print("values", values.exceptions)   # expect: values (ValueError(1), ExceptionGroup('inner', [ValueError(3)]))
    except* TypeError as types:
        print("types", types.exceptions)   # expect: types (TypeError(2),)
except ExceptionGroup as rest:
    print("rest", rest, rest.exceptions)   # expect: rest several (1 sub-exception) (ExceptionGroup('inner', [OSError(4)]),)

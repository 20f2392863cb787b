try:
    try:
        {}["missing"]
    except KeyError as error:
        raise ValueError("wrapped") from error
except ValueError as error:
    print(repr(error.__cause__), error.__suppress_context__)   # expect: KeyError('missing') True
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("during")
except ValueError as error:
    print(error.__cause__, repr(error.__context__))   # expect: None ZeroDivisionError('division by zero')
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("hidden") from None
except ValueError as error:
    print(error.__cause__, repr(error.__context__), error.__suppress_context__)   # expect: None ZeroDivisionError('division by zero') True

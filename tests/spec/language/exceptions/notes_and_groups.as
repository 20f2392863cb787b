error = ValueError("base")
error.add_note("first note")
error.add_note("second note")
print(error.__notes__)   # expect: ['first note', 'second note']
group = ExceptionGroup("g", [error, KeyError("k")])
match_, rest = group.split(ValueError)
print(repr(match_), repr(rest))   # expect: ExceptionGroup('g', [ValueError('base')]) ExceptionGroup('g', [KeyError('k')])
print(group.subgroup(lambda e: isinstance(e, KeyError)))   # expect: g (1 sub-exception)
try:
    ExceptionGroup("empty", [])
except ValueError as wrong:
    print(wrong)   # expect: second argument (exceptions) must be a non-empty sequence

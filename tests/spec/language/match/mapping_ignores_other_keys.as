match {"a": 1, "b": 2}:
    case {"c": _}: print("c")
    case {}: print("any mapping")   # expect: any mapping
match {"a": 1}:
    case {"a": 1, **nothing}: print(nothing)   # expect: {}
match "text":
    case [*_]: print("a text is no sequence")
    case str(): print("a text is a text")   # expect: a text is a text

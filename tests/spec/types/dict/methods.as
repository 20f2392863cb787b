d = {"a": 1}
d.update(b=2, **{"c": 3})
d |= {"d": 4}
print(d, d.get("x"), d.get("x", 0), d.setdefault("e", 5), d.pop("a"), d.pop("zz", None), d.popitem())   # expect: {'b': 2, 'c': 3, 'd': 4} None 0 5 1 None ('e', 5)
print(list(d), list(reversed(d)), d.keys() & {"b"}, d.items() - {("b", 2)}, 3 in d.values(), {"x": 1} | {"x": 2})   # expect: ['b', 'c', 'd'] ['d', 'c', 'b'] {'b'} {('c', 3), ('d', 4)} True {'x': 2}
print(dict.fromkeys("ab", 0), dict([("k", "v")], z=1), dict(d) == d, len(d))   # expect: {'a': 0, 'b': 0} {'k': 'v', 'z': 1} True 3
for action in (lambda: d["zz"], lambda: {}.popitem(), lambda: d.pop("zz"), lambda: dict([1]), lambda: dict(["abc"])):
    try:
        action()
    except (KeyError, TypeError, ValueError) as error:
        print(type(error).__name__, error)   # expect: KeyError 'zz'
        # expect: KeyError 'popitem(): dictionary is empty'
        # expect: KeyError 'zz'
        # expect: TypeError cannot convert dictionary update sequence element #0 to a sequence
        # expect: ValueError dictionary update sequence element #0 has length 3; 2 is required

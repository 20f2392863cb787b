s = "the quick brown the"
print(s.find("the", 1), s.rfind("the"), s.count("the"), s.index("quick"), s.find("zz"))   # expect: 16 16 2 4 -1
print(s.split(), "a,,b".split(","), " a b ".split(None, 1), "a,b,c".rsplit(",", 1), "".split(), "".split(","))   # expect: ['the', 'quick', 'brown', 'the'] ['a', '', 'b'] ['a', 'b '] ['a,b', 'c'] [] ['']
print("k=v=w".partition("="), "k".rpartition("="), "a\nb\r\nc\x0bd".splitlines(), "a\n".splitlines(True))   # expect: ('k', '=', 'v=w') ('', '', 'k') ['a', 'b', 'c', 'd'] ['a\n']
print(s.startswith(("a", "the")), s.endswith("e", 0, 3), "x" in "text", "" in "")   # expect: True True True True
try:
    s.index("zz")
except ValueError as error:
    print(error)   # expect: substring not found

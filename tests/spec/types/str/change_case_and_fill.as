print("hello world".title(), "Hello".swapcase(), "straße".upper(), "İ".lower() == "i̇", "ǅ".casefold())   # expect: Hello World hELLO STRASSE True ǆ
print("x".center(5, "*"), "x".ljust(3) + "|", "-5".zfill(4), "ab".rjust(1))   # expect: **x** x  | -005 ab
print("  x ".strip() + "|", "xxaxx".strip("x"), "prefix-a".removeprefix("prefix-"), "a.py".removesuffix(".py"))   # expect: x| a a a
print("a\tb".expandtabs(4), "aXbX".replace("X", "-", 1), "-".join(["a", "b"]), "abc".translate({97: "A", 98: None}))   # expect: a   b a-bX a-b Ac

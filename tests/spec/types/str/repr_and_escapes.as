print(repr("a'b"), repr('a"b'), repr("a'\"b"), repr("\n\t\\\x00\x7f\xa0é😀\ud800"))   # expect: "a'b" 'a"b' 'a\'"b' '\n\t\\\x00\x7f\xa0é😀\ud800'
print(ascii("é😀"), "\N{BULLET}", "\x41\u0042\U00000043", r"\n", "a" "b")   # expect: '\xe9\U0001f600' • ABC \n ab

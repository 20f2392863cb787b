print([name for name in ("isalnum", "isalpha", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper") if getattr("²", name)()])   # expect: ['isalnum', 'isdigit', 'isnumeric', 'isprintable']
print("abc1".isalnum(), "Ab".istitle(), "".isalpha(), "def".isidentifier(), "\t".isspace(), "ab1".islower())   # expect: True True False True True True

# ends: NameError or SyntaxError or RecursionError or MemoryError or AttributeError
eval("a" + ".b" * 200000)

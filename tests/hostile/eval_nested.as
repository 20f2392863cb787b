# ends: SyntaxError or RecursionError or MemoryError
eval("(" * 100000 + ")" * 100000)

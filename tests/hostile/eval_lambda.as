# ends: SyntaxError or RecursionError or MemoryError
eval("lambda: " * 100000 + "1")

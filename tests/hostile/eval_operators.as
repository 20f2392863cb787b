# ends: SyntaxError or RecursionError or MemoryError or normally
eval("-" * 1000000 + "1")

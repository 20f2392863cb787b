# ends: SyntaxError or RecursionError or MemoryError
text = "1"
for _ in range(200): text = "f'{" + text + "}'"
eval(text)

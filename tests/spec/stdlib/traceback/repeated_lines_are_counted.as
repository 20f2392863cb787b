import traceback

def deep(n):
    if n == 0:
        raise ValueError("bad")
    return deep(n - 1)

try:
    deep(6)
except ValueError as error:
    lines = traceback.format_exception(error)
    print("[Previous line repeated 3 more times]" in "".join(lines))   # expect: True
    print(lines[-1], end="")                                           # expect: ValueError: bad
    frames = traceback.extract_tb(error.__traceback__)
    print(len(frames), frames[-1].line)   # expect: 8 raise ValueError("bad")

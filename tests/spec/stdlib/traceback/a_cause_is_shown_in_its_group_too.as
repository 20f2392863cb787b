import traceback

try:
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise ExceptionGroup("two", [ValueError(1), error]) from error
except ExceptionGroup as group:
    text = "".join(traceback.format_exception(group))
print(text.count("ZeroDivisionError: division by zero"))     # expect: 2
print([line.strip() for line in text.splitlines() if " ---" in line or "- 2 -" in line])
# expect: ['+-+---------------- 1 ----------------', '+---------------- 2 ----------------']

def inner():
    raise ValueError("deep")
def outer():
    inner()
try:
    outer()
except ValueError as error:
    entry = error.__traceback__
    while entry:
        print(entry.tb_frame.f_code.co_name, entry.tb_lineno)   # expect: <module> 6
        # expect: outer 4
        # expect: inner 2
        entry = entry.tb_next

def lines(error):
    entry, found = error.__traceback__, []
    while entry:
        found.append((entry.tb_frame.f_code.co_name, entry.tb_lineno))
        entry = entry.tb_next
    return found
def again():
    raise
def bare():
    try:
        1 / 0
    except ZeroDivisionError:
        again()
def cleanup():
    try:
        bare()
    finally:
        len("")
try:
    cleanup()
except ZeroDivisionError as error:
    print(lines(error))  # expect: [('<module>', 20), ('cleanup', 16), ('bare', 13), ('bare', 11)]

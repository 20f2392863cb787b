import time

moment = time.gmtime(1_234_567_890)
text = time.strftime("%Y-%m-%d %H:%M:%S %a %j", moment)
print(text)                             # expect: 2009-02-13 23:31:30 Fri 044
print(time.strptime(text, "%Y-%m-%d %H:%M:%S %a %j")[:8] == moment[:8])     # expect: True
try:
    time.strptime("x", "%Y")
except ValueError as error:
    print(error)                        # expect: time data 'x' does not match format '%Y'

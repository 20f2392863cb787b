import time

start = time.monotonic()
time.sleep(2.5)
print(round(time.monotonic() - start, 1))   # expect: 2.5
try:
    time.sleep(-1)
except ValueError as error:
    print(error)                        # expect: sleep length must be non-negative

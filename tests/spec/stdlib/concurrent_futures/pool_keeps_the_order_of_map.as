from concurrent.futures import ThreadPoolExecutor, wait
import time

def work(delay):
    time.sleep(delay)
    return delay

with ThreadPoolExecutor(max_workers=3) as pool:
    print(list(pool.map(work, [3, 1, 2])))      # expect: [3, 1, 2]
    failed = pool.submit(lambda: 1 / 0)
    print(repr(failed.exception()))             # expect: ZeroDivisionError('division by zero')
    done, not_done = wait([pool.submit(work, 1)])
    print(len(done), len(not_done))             # expect: 1 0
try:
    pool.submit(work, 1)
except RuntimeError as error:
    print(error)                                # expect: cannot schedule new futures after shutdown

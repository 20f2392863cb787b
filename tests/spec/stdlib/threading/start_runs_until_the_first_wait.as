# cpython: no — when a started thread first runs depends on the system there
# A new thread runs at once, until it has to wait; its starter goes on then.
import threading
import time

def work(name, delay):
    print(name, "begins")
    time.sleep(delay)
    print(name, "ends")

threads = [threading.Thread(target=work, args=(name, delay)) for name, delay in [("a", 1), ("b", 2)]]
for thread in threads:
    thread.start()                      # expect: a begins
for thread in threads:                  # expect: b begins
    thread.join()                       # expect: a ends
                                        # expect: b ends
print(threads[0].name, threading.active_count())    # expect: Thread-1 (work) 1

import queue
import threading

items = queue.Queue(maxsize=1)

def produce():
    for item in range(3):
        items.put(item)
    items.shutdown()

threading.Thread(target=produce).start()
try:
    while True:
        print(items.get())              # expect: 0
except queue.ShutDown:                  # expect: 1
    print("over")                       # expect: 2
                                        # expect: over
try:
    queue.LifoQueue().get(timeout=3)
except queue.Empty:
    print("empty")                      # expect: empty

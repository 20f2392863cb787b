# ends: stopped
import threading
def f():
    while True: pass
threading.Thread(target=f).start()
while True: pass

import threading

own = threading.local()
own.x = 1

def work():
    print(hasattr(own, "x"))            # expect: False
    own.x = 2
    print(own.x)                        # expect: 2

thread = threading.Thread(target=work)
thread.start()
thread.join()
print(own.x)                            # expect: 1

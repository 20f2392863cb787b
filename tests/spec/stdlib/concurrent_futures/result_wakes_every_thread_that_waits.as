import threading
from concurrent.futures import FIRST_COMPLETED, Future, as_completed, wait

future = Future()
seen = []


def ask(name):
    seen.append((name, future.result()))


threads = [threading.Thread(target=ask, args=(name,)) for name in "ab"]
for thread in threads:
    thread.start()
print(future.done(), future.set_running_or_notify_cancel(), future.running())  # expect: False True True
future.set_result(1)
for thread in threads:
    thread.join()
print(sorted(seen))  # expect: [('a', 1), ('b', 1)]

others = [Future() for _ in range(3)]
others[1].set_result("one")
done, left = wait(others, return_when=FIRST_COMPLETED)
print(len(done), len(left))  # expect: 1 2
print(others[0].cancel(), others[1].cancel(), others[0].cancelled())  # expect: True False True
threading.Thread(target=others[2].set_exception, args=(KeyError("two"),)).start()
others[0].set_running_or_notify_cancel()
print(sorted(f._state for f in as_completed(others)))  # expect: ['CANCELLED_AND_NOTIFIED', 'FINISHED', 'FINISHED']
try:
    others[2].result(timeout=1)
except KeyError as exc:
    print(exc)  # expect: 'two'
try:
    Future().result(timeout=0.01)
except TimeoutError as exc:
    print(type(exc).__name__)  # expect: TimeoutError

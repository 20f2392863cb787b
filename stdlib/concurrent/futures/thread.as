"""A pool of threads that make calls."""

import itertools
import queue
import threading
from _thread import _processors
from _types import GenericAlias as _GenericAlias
from _weakref import ref as _ref
from concurrent.futures import _base

# Workers, and the queues that they take their work from: at the end all are woken and joined.
_threads_queues = {}
_shutdown = False
_global_shutdown_lock = threading.Lock()


def _python_exit():
    global _shutdown
    with _global_shutdown_lock:
        _shutdown = True
    items = list(_threads_queues.items())
    for _, work in items:
        work.put(None)
    for thread, _ in items:
        thread.join()


threading._register_atexit(_python_exit)


class _WorkItem:
    """A call, and the future of its result."""

    def __init__(self, future, fn, args, kwargs):
        self.future = future
        self.fn = fn
        self.args = args
        self.kwargs = kwargs

    def run(self):
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.fn(*self.args, **self.kwargs)
        except BaseException as exc:
            self.future.set_exception(exc)
            # No cycle of the frame, the exception and the item.
            self = None
        else:
            self.future.set_result(result)

    __class_getitem__ = classmethod(_GenericAlias)


def _worker(executor_reference, work_queue, initializer, initargs):
    if initializer is not None:
        try:
            initializer(*initargs)
        except BaseException:
            _base.LOGGER.critical("Exception in initializer:", exc_info=True)
            executor = executor_reference()
            if executor is not None:
                executor._initializer_failed()
            return
    try:
        while True:
            if work_queue.empty():
                # Only who has nothing to do counts as idle.
                executor = executor_reference()
                if executor is not None:
                    executor._n_idle += 1
                del executor
            item = work_queue.get()
            if item is not None:
                item.run()
                del item
                continue
            executor = executor_reference()
            if _shutdown or executor is None or executor._shutdown:
                if executor is not None:
                    executor._shutdown = True
                # The next one is told too.
                work_queue.put(None)
                return
            del executor
    except BaseException:
        _base.LOGGER.critical("Exception in worker", exc_info=True)
    finally:
        _threads_queues.pop(threading.current_thread(), None)


class BrokenThreadPool(_base.BrokenExecutor):
    """A worker could not be initialized."""


class ThreadPoolExecutor(_base.Executor):
    """Makes calls in threads, of which there are never more than `max_workers`."""

    _counter = itertools.count().__next__

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        if max_workers is None:
            max_workers = min(32, _processors() + 4)
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._max_workers = max_workers
        self._work_queue = queue.SimpleQueue()
        # Workers that wait for work, as far as no work was put for them.
        self._n_idle = 0
        self._threads = set()
        self._broken = False
        self._shutdown = False
        self._shutdown_lock = threading.Lock()
        self._thread_name_prefix = thread_name_prefix or ("ThreadPoolExecutor-%d" % self._counter())
        self._initializer = initializer
        self._initargs = initargs

    def submit(self, fn, /, *args, **kwargs):
        with self._shutdown_lock, _global_shutdown_lock:
            if self._broken:
                raise BrokenThreadPool(self._broken)
            if self._shutdown:
                raise RuntimeError("cannot schedule new futures after shutdown")
            if _shutdown:
                raise RuntimeError("cannot schedule new futures after interpreter shutdown")
            future = _base.Future()
            self._work_queue.put(_WorkItem(future, fn, args, kwargs))
            self._adjust_thread_count()
            return future

    submit.__doc__ = _base.Executor.submit.__doc__

    def _adjust_thread_count(self):
        if self._n_idle > 0:
            self._n_idle -= 1
            return
        work = self._work_queue

        def end(_, work=work):
            work.put(None)

        number = len(self._threads)
        if number < self._max_workers:
            name = "%s_%d" % (self._thread_name_prefix or self, number)
            arguments = (_ref(self, end), work, self._initializer, self._initargs)
            thread = threading.Thread(name=name, target=_worker, args=arguments)
            # It may be over before start() comes back.
            self._threads.add(thread)
            _threads_queues[thread] = work
            thread.start()

    def _initializer_failed(self):
        with self._shutdown_lock:
            self._broken = "A thread initializer failed, the thread pool is not usable anymore"
            while True:
                try:
                    item = self._work_queue.get_nowait()
                except queue.Empty:
                    break
                if item is not None:
                    item.future.set_exception(BrokenThreadPool(self._broken))

    def shutdown(self, wait=True, *, cancel_futures=False):
        with self._shutdown_lock:
            self._shutdown = True
            if cancel_futures:
                while True:
                    try:
                        item = self._work_queue.get_nowait()
                    except queue.Empty:
                        break
                    if item is not None:
                        item.future.cancel()
            # Those who wait for work look whether it is over.
            self._work_queue.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    shutdown.__doc__ = _base.Executor.shutdown.__doc__

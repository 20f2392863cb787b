"""Futures, and what can be waited for with them."""

import threading
import time
from _types import GenericAlias as _GenericAlias
from collections import namedtuple

FIRST_COMPLETED = "FIRST_COMPLETED"
FIRST_EXCEPTION = "FIRST_EXCEPTION"
ALL_COMPLETED = "ALL_COMPLETED"

# The states of a future. The second kind of cancelled has told those who wait.
PENDING = "PENDING"
RUNNING = "RUNNING"
CANCELLED = "CANCELLED"
CANCELLED_AND_NOTIFIED = "CANCELLED_AND_NOTIFIED"
FINISHED = "FINISHED"

_FUTURE_STATES = [PENDING, RUNNING, CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED]

_STATE_TO_DESCRIPTION_MAP = {
    PENDING: "pending",
    RUNNING: "running",
    CANCELLED: "cancelled",
    CANCELLED_AND_NOTIFIED: "cancelled",
    FINISHED: "finished",
}

_OVER = (CANCELLED_AND_NOTIFIED, FINISHED)


class _Log:
    """Tells what went wrong in a callback. The module `logging` is asked only then."""

    def _tell(self, level, message, *args):
        try:
            import logging
        except ImportError:
            import sys

            print(message % args, file=sys.stderr)
            kind, value, traceback = sys.exc_info()
            if kind is not None:
                sys.__excepthook__(kind, value, traceback)
            return
        getattr(logging.getLogger("concurrent.futures"), level)(message, *args)

    def exception(self, message, *args):
        self._tell("exception", message, *args)

    def critical(self, message, *args, **kwargs):
        self._tell("critical", message, *args)


LOGGER = _Log()


class Error(Exception):
    """What all exceptions of this package derive from, once."""


class CancelledError(Error):
    """The future was cancelled."""


TimeoutError = TimeoutError


class InvalidStateError(Error):
    """The future is not in a state for that."""


class BrokenExecutor(RuntimeError):
    """The executor can't do anything any more."""


class _Waiter:
    """Somebody who waits for several futures."""

    def __init__(self):
        self.event = threading.Event()
        self.finished_futures = []

    def add_result(self, future):
        self.finished_futures.append(future)

    def add_exception(self, future):
        self.finished_futures.append(future)

    def add_cancelled(self, future):
        self.finished_futures.append(future)


class _AsCompletedWaiter(_Waiter):
    """For as_completed()."""

    def __init__(self):
        super().__init__()
        self.lock = threading.Lock()

    def _add(self, future):
        with self.lock:
            self.finished_futures.append(future)
            self.event.set()

    add_result = add_exception = add_cancelled = _add


class _FirstCompletedWaiter(_Waiter):
    """For wait(return_when=FIRST_COMPLETED)."""

    def _add(self, future):
        self.finished_futures.append(future)
        self.event.set()

    add_result = add_exception = add_cancelled = _add


class _AllCompletedWaiter(_Waiter):
    """For wait(return_when=FIRST_EXCEPTION) and wait(return_when=ALL_COMPLETED)."""

    def __init__(self, num_pending_calls, stop_on_exception):
        self.num_pending_calls = num_pending_calls
        self.stop_on_exception = stop_on_exception
        self.lock = threading.Lock()
        super().__init__()

    def _decrement_pending_calls(self):
        with self.lock:
            self.num_pending_calls -= 1
            if not self.num_pending_calls:
                self.event.set()

    def add_result(self, future):
        super().add_result(future)
        self._decrement_pending_calls()

    def add_exception(self, future):
        super().add_exception(future)
        if self.stop_on_exception:
            self.event.set()
        else:
            self._decrement_pending_calls()

    def add_cancelled(self, future):
        super().add_cancelled(future)
        self._decrement_pending_calls()


def _create_and_install_waiters(fs, return_when):
    if return_when == _AS_COMPLETED:
        waiter = _AsCompletedWaiter()
    elif return_when == FIRST_COMPLETED:
        waiter = _FirstCompletedWaiter()
    else:
        pending = sum(f._state not in _OVER for f in fs)
        if return_when == FIRST_EXCEPTION:
            waiter = _AllCompletedWaiter(pending, stop_on_exception=True)
        elif return_when == ALL_COMPLETED:
            waiter = _AllCompletedWaiter(pending, stop_on_exception=False)
        else:
            raise ValueError("Invalid return condition: %r" % return_when)
    for f in fs:
        f._waiters.append(waiter)
    return waiter


_AS_COMPLETED = "_AS_COMPLETED"


def as_completed(fs, timeout=None):
    """The futures, each when it is done."""
    if timeout is not None:
        end_time = timeout + time.monotonic()
    # Each once, in the order of the arguments.
    fs = dict.fromkeys(fs)
    total = len(fs)
    finished = [f for f in fs if f._state in _OVER]
    pending = {f: None for f in fs if f._state not in _OVER}
    waiter = _create_and_install_waiters(fs, _AS_COMPLETED)
    try:
        finished.reverse()
        while finished:
            f = finished.pop()
            f._waiters.remove(waiter)
            del fs[f]
            yield f
        while pending:
            wait_timeout = None
            if timeout is not None:
                wait_timeout = end_time - time.monotonic()
                if wait_timeout < 0:
                    raise TimeoutError("%d (of %d) futures unfinished" % (len(pending), total))
            waiter.event.wait(wait_timeout)
            with waiter.lock:
                finished = waiter.finished_futures
                waiter.finished_futures = []
                waiter.event.clear()
            finished.reverse()
            while finished:
                f = finished.pop()
                f._waiters.remove(waiter)
                del fs[f], pending[f]
                yield f
    finally:
        for f in fs:
            if waiter in f._waiters:
                f._waiters.remove(waiter)


DoneAndNotDoneFutures = namedtuple("DoneAndNotDoneFutures", "done not_done")


def wait(fs, timeout=None, return_when=ALL_COMPLETED):
    """Wait for the futures; the result is (done, not_done)."""
    fs = set(fs)
    done = {f for f in fs if f._state in _OVER}
    not_done = fs - done
    if return_when == FIRST_COMPLETED and done:
        return DoneAndNotDoneFutures(done, not_done)
    if return_when == FIRST_EXCEPTION and done:
        if any(f for f in done if not f.cancelled() and f.exception() is not None):
            return DoneAndNotDoneFutures(done, not_done)
    if len(done) == len(fs):
        return DoneAndNotDoneFutures(done, not_done)
    waiter = _create_and_install_waiters(fs, return_when)
    waiter.event.wait(timeout)
    for f in fs:
        f._waiters.remove(waiter)
    done.update(waiter.finished_futures)
    return DoneAndNotDoneFutures(done, fs - done)


def _result_or_cancel(fut, timeout=None):
    try:
        try:
            return fut.result(timeout)
        finally:
            fut.cancel()
    finally:
        del fut


class Future:
    """The result of a call that somebody else makes.

    Nothing here comes between two lines of the library, as threads are not preempted in it: states change without a lock.
    """

    def __init__(self):
        self._state = PENDING
        self._result = None
        self._exception = None
        self._waiters = []
        self._done_callbacks = []
        self._wakes = None

    @property
    def _condition(self):
        """Where those wait who ask for the result: made when the first one does."""
        if self._wakes is None:
            self._wakes = threading.Condition()
        return self._wakes

    def _wake_all(self):
        with self._wakes:
            self._wakes.notify_all()

    def _invoke_callbacks(self):
        for callback in self._done_callbacks:
            try:
                callback(self)
            except Exception:
                LOGGER.exception("exception calling callback for %r", self)

    def __repr__(self):
        head = f"<{self.__class__.__name__} at {id(self):#x} state={_STATE_TO_DESCRIPTION_MAP[self._state]}"
        if self._state != FINISHED:
            return head + ">"
        if self._exception:
            return f"{head} raised {self._exception.__class__.__name__}>"
        return f"{head} returned {self._result.__class__.__name__}>"

    def cancel(self):
        """Give it up, unless it runs or is done; whether it is cancelled is the result."""
        if self._state in (RUNNING, FINISHED):
            return False
        if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED):
            return True
        self._state = CANCELLED
        if self._wakes is not None:
            self._wake_all()
        self._invoke_callbacks()
        return True

    def cancelled(self):
        return self._state in (CANCELLED, CANCELLED_AND_NOTIFIED)

    def running(self):
        return self._state == RUNNING

    def done(self):
        return self._state in (CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED)

    def __get_result(self):
        if self._exception is not None:
            try:
                raise self._exception
            finally:
                self = None
        else:
            return self._result

    def add_done_callback(self, fn):
        """Call fn(future) once it is done; at once if it is."""
        if self._state not in (CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED):
            self._done_callbacks.append(fn)
            return
        try:
            fn(self)
        except Exception:
            LOGGER.exception("exception calling callback for %r", self)

    def _wait_done(self, timeout):
        """Waits; an exception if it was cancelled, or is not done in time."""
        if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED):
            raise CancelledError()
        if self._state == FINISHED:
            return
        with self._condition:
            # Taking the lock may have been a wait already.
            if self._state in (PENDING, RUNNING):
                self._wakes.wait(timeout)
        if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED):
            raise CancelledError()
        if self._state != FINISHED:
            raise TimeoutError()

    def result(self, timeout=None):
        """The result of the call, or what it raised, as soon as it is there."""
        try:
            self._wait_done(timeout)
            return self.__get_result()
        finally:
            self = None

    def exception(self, timeout=None):
        """What the call raised, or None."""
        self._wait_done(timeout)
        return self._exception

    # For executors.

    def set_running_or_notify_cancel(self):
        """The call begins. False: it was cancelled."""
        if self._state == PENDING:
            self._state = RUNNING
            return True
        if self._state == CANCELLED:
            self._state = CANCELLED_AND_NOTIFIED
            for waiter in self._waiters:
                waiter.add_cancelled(self)
            return False
        LOGGER.critical("Future %s in unexpected state: %s", id(self), self._state)
        raise RuntimeError("Future in unexpected state")

    def set_result(self, result):
        if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED):
            raise InvalidStateError("{}: {!r}".format(self._state, self))
        self._result = result
        self._state = FINISHED
        for waiter in self._waiters:
            waiter.add_result(self)
        if self._wakes is not None:
            self._wake_all()
        self._invoke_callbacks()

    def set_exception(self, exception):
        if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED):
            raise InvalidStateError("{}: {!r}".format(self._state, self))
        self._exception = exception
        self._state = FINISHED
        for waiter in self._waiters:
            waiter.add_exception(self)
        if self._wakes is not None:
            self._wake_all()
        self._invoke_callbacks()

    __class_getitem__ = classmethod(_GenericAlias)


class Executor:
    """Somebody who makes calls."""

    def submit(self, fn, /, *args, **kwargs):
        """Have a call made; its future is the result."""
        raise NotImplementedError()

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        """As map(fn, *iterables), with all calls submitted at once."""
        if timeout is not None:
            end_time = timeout + time.monotonic()
        fs = [self.submit(fn, *args) for args in zip(*iterables)]

        def result_iterator():
            try:
                fs.reverse()
                while fs:
                    # The future is let go before its result is given.
                    if timeout is None:
                        yield _result_or_cancel(fs.pop())
                    else:
                        yield _result_or_cancel(fs.pop(), end_time - time.monotonic())
            finally:
                for future in fs:
                    future.cancel()

        return result_iterator()

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Take no more calls."""

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        self.shutdown(wait=True)
        return False

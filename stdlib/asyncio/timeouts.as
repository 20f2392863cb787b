"""Time limits around a block: `async with timeout(…)`."""

from _asyncio import CancelledError, current_task, get_running_loop

__all__ = ("Timeout", "timeout", "timeout_at")

_CREATED, _ENTERED, _EXPIRING, _EXPIRED, _EXITED = "created", "active", "expiring", "expired", "finished"


class Timeout:
    """Cancels its task when its time is over, and turns the cancellation into TimeoutError."""

    def __init__(self, when):
        self._state = _CREATED
        self._timeout_handler = None
        self._task = None
        self._when = when

    def when(self):
        """The deadline, or None."""
        return self._when

    def reschedule(self, when):
        """Another deadline."""
        if self._state is not _ENTERED:
            if self._state is _CREATED:
                raise RuntimeError("Timeout has not been entered")
            raise RuntimeError(f"Cannot change state of {self._state} Timeout")
        self._when = when
        if self._timeout_handler is not None:
            self._timeout_handler.cancel()
        if when is None:
            self._timeout_handler = None
            return
        loop = get_running_loop()
        if when <= loop.time():
            self._timeout_handler = loop.call_soon(self._on_timeout)
        else:
            self._timeout_handler = loop.call_at(when, self._on_timeout)

    def expired(self):
        """Whether the time was over before the block was."""
        return self._state is _EXPIRING or self._state is _EXPIRED

    def __repr__(self):
        if self._state is not _ENTERED:
            return f"<Timeout [{self._state}]>"
        when = None if self._when is None else round(self._when, 3)
        return f"<Timeout [{self._state}] when={when}>"

    async def __aenter__(self):
        if self._state is not _CREATED:
            raise RuntimeError("Timeout has already been entered")
        task = current_task()
        if task is None:
            raise RuntimeError("Timeout should be used inside a task")
        self._state = _ENTERED
        self._task = task
        self._cancelling = task.cancelling()
        self.reschedule(self._when)
        return self

    async def __aexit__(self, exc_type, exc_val, exc_tb):
        if self._timeout_handler is not None:
            self._timeout_handler.cancel()
            self._timeout_handler = None
        if self._state is _ENTERED:
            self._state = _EXITED
        elif self._state is _EXPIRING:
            self._state = _EXPIRED
            if self._task.uncancel() <= self._cancelling and exc_type is not None:
                self._expire(exc_type, exc_val)
        return None

    def _expire(self, exc_type, exc_val):
        """The cancellation was ours: TimeoutError takes its place, or its place in the chain."""
        if issubclass(exc_type, CancelledError):
            raise TimeoutError from exc_val
        if exc_val is None:
            return
        _replace_cancellation(exc_val)
        if isinstance(exc_val, ExceptionGroup):
            for exc in exc_val.exceptions:
                _replace_cancellation(exc)

    def _on_timeout(self):
        self._task.cancel()
        self._state = _EXPIRING
        # Drops the cycle with the handle.
        self._timeout_handler = None


def _replace_cancellation(exc):
    """Puts a TimeoutError before the first CancelledError among the contexts."""
    while (context := exc.__context__) is not None:
        if isinstance(context, CancelledError):
            timed_out = TimeoutError()
            timed_out.__context__ = timed_out.__cause__ = context
            exc.__context__ = timed_out
            return
        exc = context


def timeout(delay):
    """A time limit in seconds from now, or None."""
    loop = get_running_loop()
    return Timeout(None if delay is None else loop.time() + delay)


def timeout_at(when):
    """A time limit by the clock of the loop, or None."""
    return Timeout(when)

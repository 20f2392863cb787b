"""Names that older versions of asyncio had."""

import types
from _asyncio import Queue as JoinableQueue
from _asyncio import ensure_future, iscoroutinefunction

from .coroutines import _is_coroutine

__all__ = ("async_", "coroutine", "JoinableQueue")


def coroutine(func):
    """`@asyncio.coroutine`: a generator function as a coroutine function."""
    if iscoroutinefunction(func):
        return func
    is_generator = isinstance(func, types.FunctionType) and func.__code__.co_flags & 0x20
    made = types.coroutine(func) if is_generator else _delegating(func)
    made._is_coroutine = _is_coroutine
    return made


def _delegating(func):
    """A function that is no generator, but may give something to wait for."""

    @types.coroutine
    def call(*args, **kwargs):
        result = func(*args, **kwargs)
        if isinstance(result, types.GeneratorType):
            result = yield from result
        elif hasattr(result, "__await__"):
            result = yield from result.__await__()
        return result

    call.__name__ = func.__name__
    call.__qualname__ = func.__qualname__
    call.__doc__ = func.__doc__
    call.__wrapped__ = func
    return call


async_ = ensure_future


class _Holding:
    """What `await lock` gives: a context manager that releases the lock."""

    def __init__(self, lock):
        self._lock = lock

    def __enter__(self):
        return None

    def __exit__(self, *exc):
        self._lock.release()


async def _acquire(lock):
    await lock.acquire()
    return _Holding(lock)


def _await_lock(lock):
    """`with await lock:`, `with (yield from lock):`."""
    return _acquire(lock).__await__()


def __getattr__(name):
    # A keyword today; only `getattr` reaches it.
    if name == "async":
        return ensure_future
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Names that older versions of asyncio had."""

from _asyncio import Queue as JoinableQueue
from _asyncio import ensure_future

__all__ = ("async_", "coroutine", "JoinableQueue")


def coroutine(func):
    """`@asyncio.coroutine`: a generator function as a coroutine function."""
    import types

    from _asyncio import iscoroutinefunction

    if iscoroutinefunction(func):
        return func
    import inspect

    if inspect.isgeneratorfunction(func):
        return types.coroutine(func)

    @types.coroutine
    def call(*args, **kwargs):
        result = func(*args, **kwargs)
        if hasattr(result, "__await__") or inspect.isgenerator(result):
            result = yield from _awaiting(result)
        return result

    call.__name__ = func.__name__
    call.__qualname__ = func.__qualname__
    call.__doc__ = func.__doc__
    call.__wrapped__ = func
    return call


def _awaiting(value):
    """An iterator over what an awaitable, or a generator, waits for."""
    return value if hasattr(value, "send") and not hasattr(value, "__await__") else value.__await__()


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

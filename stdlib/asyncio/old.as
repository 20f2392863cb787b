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

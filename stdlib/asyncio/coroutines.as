"""What a coroutine is."""

import sys
from _functools import partial

from _asyncio import iscoroutine, iscoroutinefunction

__all__ = "iscoroutinefunction", "iscoroutine"

# What old decorators put into `_is_coroutine`.
_is_coroutine = object()


def _is_debug_mode():
    """Whether new loops are in debug mode."""
    if sys.flags.dev_mode:
        return True
    import os

    return not sys.flags.ignore_environment and bool(os.environ.get("PYTHONASYNCIODEBUG"))


def _is_marked(func):
    """Whether an object that is no coroutine function counts as one."""
    if getattr(func, "_is_coroutine", None) is _is_coroutine:
        return True
    mark = getattr(func, "_is_coroutine_mark", None)
    if mark is None and not isinstance(func, partial):
        return False
    import inspect

    return inspect.iscoroutinefunction(func)


def _format_coroutine(coro):
    """A coroutine in the text of its task."""
    name = getattr(coro, "__qualname__", None) or getattr(coro, "__name__", None)
    name = f"{name}()" if name else f"<{type(coro).__name__} without __name__>()"
    code = getattr(coro, "cr_code", None) or getattr(coro, "gi_code", None)
    if not code:
        is_running = getattr(coro, "cr_running", None)
        if is_running is None:
            is_running = getattr(coro, "gi_running", False)
        return f"{name} running" if is_running else name
    file = code.co_filename or "<empty co_filename>"
    frame = getattr(coro, "gi_frame", None) or getattr(coro, "cr_frame", None)
    if frame is None:
        return f"{name} done, defined at {file}:{code.co_firstlineno}"
    return f"{name} running at {file}:{frame.f_lineno}"

"""Texts of callbacks."""

from _functools import partial

from . import constants

_FUNCTION = type(lambda: None)


def _get_function_source(func):
    """File and line of a function, or None."""
    while hasattr(func, "__wrapped__"):
        func = func.__wrapped__
    while isinstance(func, partial) or type(func).__name__ == "partialmethod":
        func = func.func
    func = getattr(func, "__func__", func)
    if isinstance(func, _FUNCTION):
        return func.__code__.co_filename, func.__code__.co_firstlineno
    return None


def _format_callback_source(func, args, *, debug=False):
    text = _format_callback(func, args, None, debug=debug)
    source = _get_function_source(func)
    return f"{text} at {source[0]}:{source[1]}" if source else text


def _format_args_and_kwargs(args, kwargs, *, debug=False):
    if not debug:
        return "()"
    import reprlib

    parts = [reprlib.repr(arg) for arg in args or ()]
    parts.extend(f"{name}={reprlib.repr(value)}" for name, value in (kwargs or {}).items())
    return f"({', '.join(parts)})"


def _format_callback(func, args, kwargs, *, debug=False, suffix=""):
    while isinstance(func, partial):
        suffix = _format_args_and_kwargs(args, kwargs, debug=debug) + suffix
        func, args, kwargs = func.func, func.args, func.keywords
    name = getattr(func, "__qualname__", None) or getattr(func, "__name__", None) or repr(func)
    return name + _format_args_and_kwargs(args, kwargs, debug=debug) + suffix


def extract_stack(f=None, limit=None):
    """The stack at a frame, innermost last."""
    import sys
    import traceback

    if f is None:
        f = sys._getframe().f_back
    if limit is None:
        limit = constants.DEBUG_STACK_DEPTH
    stack = traceback.StackSummary.extract(traceback.walk_stack(f), limit=limit, lookup_lines=False)
    stack.reverse()
    return stack

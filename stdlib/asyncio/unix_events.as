"""The loop of this system, and its policy."""

from _asyncio import _UnixSelectorEventLoop

from .events import BaseDefaultEventLoopPolicy

__all__ = "SelectorEventLoop", "DefaultEventLoopPolicy", "EventLoop"

SelectorEventLoop = _UnixSelectorEventLoop
EventLoop = SelectorEventLoop


class _UnixDefaultEventLoopPolicy(BaseDefaultEventLoopPolicy):
    """The default policy."""

    _loop_factory = _UnixSelectorEventLoop


DefaultEventLoopPolicy = _UnixDefaultEventLoopPolicy


def add_signal_handler(loop, sig, callback, *args):
    """`loop.add_signal_handler(sig, callback, *args)`."""
    import signal

    from . import coroutines
    from _asyncio import Handle

    if coroutines.iscoroutine(callback) or coroutines.iscoroutinefunction(callback):
        raise TypeError("coroutines cannot be used with add_signal_handler()")
    _check_signal(sig)
    loop._check_closed()
    handlers = _handlers_of(loop)
    handle = Handle(callback, args, loop, None)

    def on_signal(number, frame):
        known = handlers.get(number)
        if known is None:
            return
        if known._cancelled:
            remove_signal_handler(loop, number)
        else:
            loop.call_soon_threadsafe(known._run)

    try:
        signal.signal(sig, on_signal)
    except OSError as exc:
        raise RuntimeError(f"sig {sig} cannot be caught") from exc
    handlers[sig] = handle


def remove_signal_handler(loop, sig):
    """`loop.remove_signal_handler(sig)`: False if there was none."""
    import signal

    _check_signal(sig)
    if _handlers_of(loop).pop(sig, None) is None:
        return False
    signal.signal(sig, signal.default_int_handler if sig == signal.SIGINT else signal.SIG_DFL)
    return True


def _handlers_of(loop):
    try:
        return loop._signal_handlers
    except AttributeError:
        loop._signal_handlers = {}
        return loop._signal_handlers


def _check_signal(sig):
    import signal

    if not isinstance(sig, int):
        raise TypeError(f"sig must be an int, not {sig!r}")
    if sig not in signal.valid_signals():
        raise ValueError(f"invalid signal number {sig}")

"""Time limits; what is here is for loops that are none of asyncio's, all else is native."""

from _asyncio import Timeout, get_running_loop, timeout, timeout_at

__all__ = ("Timeout", "timeout", "timeout_at")


# ----- Called by natives -----


def _timeout(delay):
    """`timeout(delay)` by the clock of the loop."""
    return Timeout(get_running_loop().time() + delay)


def _arm(timeout, when):
    """Sets the timer by the methods of the loop."""
    if timeout._timeout_handler is not None:
        timeout._timeout_handler.cancel()
    if when is None:
        timeout._timeout_handler = None
        return
    loop = get_running_loop()
    if when <= loop.time():
        timeout._timeout_handler = loop.call_soon(timeout._on_timeout)
    else:
        timeout._timeout_handler = loop.call_at(when, timeout._on_timeout)

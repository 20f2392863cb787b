"""The exceptions of asyncio. Those that natives raise are native."""

from _asyncio import (
    BrokenBarrierError,
    CancelledError,
    InvalidStateError,
    SendfileNotAvailableError,
    TimeoutError,
)

__all__ = (
    "BrokenBarrierError",
    "CancelledError",
    "InvalidStateError",
    "TimeoutError",
    "IncompleteReadError",
    "LimitOverrunError",
    "SendfileNotAvailableError",
)


class IncompleteReadError(EOFError):
    """The stream ended before all was read: `partial` is what came, `expected` how much it should have been."""

    def __init__(self, partial, expected):
        wanted = "undefined" if expected is None else repr(expected)
        super().__init__(f"{len(partial)} bytes read on a total of {wanted} expected bytes")
        self.partial = partial
        self.expected = expected

    def __reduce__(self):
        return type(self), (self.partial, self.expected)


class LimitOverrunError(Exception):
    """A separator was not found within the limit: `consumed` bytes lie before the place where the search goes on."""

    def __init__(self, message, consumed):
        super().__init__(message)
        self.consumed = consumed

    def __reduce__(self):
        return type(self), (self.args[0], self.consumed)

"""Functions in threads of their own."""

import contextvars
from _asyncio import get_running_loop

__all__ = ("to_thread",)


async def to_thread(func, /, *args, **kwargs):
    """Runs a function in a thread of the default executor, in a copy of the current context."""
    loop = get_running_loop()
    context = contextvars.copy_context()

    def call():
        return context.run(func, *args, **kwargs)

    return await loop.run_in_executor(None, call)

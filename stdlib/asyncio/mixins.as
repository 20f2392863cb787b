"""What primitives written in Aspen have in common."""

from _asyncio import _get_running_loop


class _LoopBoundMixin:
    """Belongs to the loop that runs when it first has to wait."""

    _loop = None

    def _get_loop(self):
        running = _get_running_loop()
        if self._loop is None:
            self._loop = running
        if self._loop is not running:
            raise RuntimeError(f"{self!r} is bound to a different event loop")
        return running

"""Condition and Barrier; the other primitives are native."""

import _asyncio
from _asyncio import (
    BoundedSemaphore,
    BrokenBarrierError,
    CancelledError,
    Event,
    Lock,
    Semaphore,
)

from .mixins import _LoopBoundMixin

__all__ = ("Lock", "Event", "Condition", "Semaphore", "BoundedSemaphore", "Barrier")


class _ContextManagerMixin:
    """`async with` for whatever has acquire() and release()."""

    async def __aenter__(self):
        await self.acquire()
        return None

    async def __aexit__(self, exc_type, exc, tb):
        self.release()


class Condition(_ContextManagerMixin, _LoopBoundMixin):
    """A lock, and a line of tasks that wait until another one notifies them."""

    def __init__(self, lock=None, **old):
        if old:
            from .tasks import _refuse_old

            _refuse_old("Condition.__init__", old)
        if lock is None:
            lock = Lock()
        self._lock = lock
        self.locked = lock.locked
        self.acquire = lock.acquire
        self.release = lock.release
        self._waiters = []

    def __repr__(self):
        extra = "locked" if self.locked() else "unlocked"
        if self._waiters:
            extra += f", waiters:{len(self._waiters)}"
        return f"<{super().__repr__()[1:-1]} [{extra}]>"

    async def wait(self):
        """Gives the lock back, waits to be notified, and takes the lock again."""
        if not self.locked():
            raise RuntimeError("cannot wait on un-acquired lock")
        fut = self._get_loop().create_future()
        self.release()
        try:
            try:
                self._waiters.append(fut)
                try:
                    await fut
                    return True
                finally:
                    self._waiters.remove(fut)
            finally:
                # The caller has the lock whatever happened; cancellations wait until then.
                cancelled = None
                while True:
                    try:
                        await self.acquire()
                        break
                    except CancelledError as exc:
                        cancelled = exc
                if cancelled is not None:
                    try:
                        raise cancelled
                    finally:
                        cancelled = None
        except BaseException:
            # It may have been notified already: somebody else is, instead.
            self._notify(1)
            raise

    async def wait_for(self, predicate):
        """Waits until the predicate holds, and gives its value."""
        result = predicate()
        while not result:
            await self.wait()
            result = predicate()
        return result

    def notify(self, n=1):
        """Wakes the first n that wait."""
        if not self.locked():
            raise RuntimeError("cannot notify on un-acquired lock")
        self._notify(n)

    def _notify(self, n):
        n_woken = 0
        for fut in self._waiters:
            if n_woken >= n:
                break
            if not fut.done():
                n_woken += 1
                fut.set_result(False)

    def notify_all(self):
        """Wakes all that wait."""
        self.notify(len(self._waiters))


def _await_condition(self):
    from .old import _await_lock

    return _await_lock(self)


if not _asyncio._is_strict():
    Condition.__await__ = Condition.__iter__ = _await_condition


class _State:
    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"<_BarrierState.{self.value.upper()}: {self.value!r}>"


class _BarrierState:
    """What a barrier is doing."""

    FILLING = _State("filling")
    DRAINING = _State("draining")
    RESETTING = _State("resetting")
    BROKEN = _State("broken")


class Barrier(_LoopBoundMixin):
    """A number of tasks wait for each other."""

    def __init__(self, parties):
        if parties < 1:
            raise ValueError("parties must be > 0")
        self._cond = Condition()
        self._parties = parties
        self._state = _BarrierState.FILLING
        self._count = 0

    def __repr__(self):
        extra = self._state.value
        if not self.broken:
            extra += f", waiters:{self.n_waiting}/{self.parties}"
        return f"<{super().__repr__()[1:-1]} [{extra}]>"

    async def __aenter__(self):
        return await self.wait()

    async def __aexit__(self, *args):
        pass

    async def wait(self):
        """Waits for the others; gives each task a number of its own."""
        async with self._cond:
            await self._block()
            try:
                index = self._count
                self._count += 1
                if index + 1 == self._parties:
                    await self._release()
                else:
                    await self._wait()
                return index
            finally:
                self._count -= 1
                self._exit()

    async def _block(self):
        """Until the round before is over."""
        await self._cond.wait_for(
            lambda: self._state is not _BarrierState.DRAINING and self._state is not _BarrierState.RESETTING
        )
        if self._state is _BarrierState.BROKEN:
            raise BrokenBarrierError("Barrier aborted")

    async def _release(self):
        """The last one is here."""
        self._state = _BarrierState.DRAINING
        self._cond.notify_all()

    async def _wait(self):
        """Until the last one is here."""
        await self._cond.wait_for(lambda: self._state is not _BarrierState.FILLING)
        if self._state is _BarrierState.BROKEN or self._state is _BarrierState.RESETTING:
            raise BrokenBarrierError("Abort or reset of barrier")

    def _exit(self):
        """The last one to leave lets the next round in."""
        if self._count == 0:
            if self._state is _BarrierState.RESETTING or self._state is _BarrierState.DRAINING:
                self._state = _BarrierState.FILLING
            self._cond.notify_all()

    async def reset(self):
        """Those who wait raise BrokenBarrierError; then it is as new."""
        async with self._cond:
            if self._count > 0:
                self._state = _BarrierState.RESETTING
            else:
                self._state = _BarrierState.FILLING
            self._cond.notify_all()

    async def abort(self):
        """From now on everybody raises BrokenBarrierError."""
        async with self._cond:
            self._state = _BarrierState.BROKEN
            self._cond.notify_all()

    @property
    def parties(self):
        """How many tasks wait for each other."""
        return self._parties

    @property
    def n_waiting(self):
        """How many are here."""
        return self._count if self._state is _BarrierState.FILLING else 0

    @property
    def broken(self):
        """Whether it was aborted."""
        return self._state is _BarrierState.BROKEN


# ----- Called by natives -----


async def _enter(lock):
    """`__aenter__` of a subclass that replaces acquire()."""
    await lock.acquire()


def _leave(lock):
    """`__aexit__` of a subclass that replaces release()."""
    lock.release()

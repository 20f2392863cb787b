"""Loops as programs find them: policies, and the loop of each thread."""

import _asyncio
from _asyncio import (
    AbstractEventLoop,
    Handle,
    TimerHandle,
    _get_running_loop,
    _set_running_loop,
    get_event_loop,
    get_running_loop,
)

__all__ = (
    "AbstractEventLoopPolicy",
    "AbstractEventLoop",
    "AbstractServer",
    "Handle",
    "TimerHandle",
    "get_event_loop_policy",
    "set_event_loop_policy",
    "get_event_loop",
    "set_event_loop",
    "new_event_loop",
    "get_child_watcher",
    "set_child_watcher",
    "_set_running_loop",
    "get_running_loop",
    "_get_running_loop",
)


class AbstractServer:
    """What `create_server` gives."""

    def close(self):
        """Stop to accept connections."""
        raise NotImplementedError

    def close_clients(self):
        """Close all connections."""
        raise NotImplementedError

    def abort_clients(self):
        """Close all connections at once."""
        raise NotImplementedError

    def get_loop(self):
        """The loop of the server."""
        raise NotImplementedError

    def is_serving(self):
        """Whether connections are accepted."""
        raise NotImplementedError

    async def start_serving(self):
        """Begin to accept connections."""
        raise NotImplementedError

    async def serve_forever(self):
        """Accept connections until cancelled."""
        raise NotImplementedError

    async def wait_closed(self):
        """Wait until it is closed and no connection is left."""
        raise NotImplementedError

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        self.close()
        await self.wait_closed()


class AbstractEventLoopPolicy:
    """Which loop a thread has, and how loops are made."""

    def get_event_loop(self):
        """The loop of this thread, or RuntimeError."""
        raise NotImplementedError

    def set_event_loop(self, loop):
        """From now on this is the loop of this thread."""
        raise NotImplementedError

    def new_event_loop(self):
        """A new loop."""
        raise NotImplementedError

    def get_child_watcher(self):
        """What watches child processes."""
        raise NotImplementedError

    def set_child_watcher(self, watcher):
        """What watches child processes from now on."""
        raise NotImplementedError


class _FiberLocal:
    """The loop of each thread, kept where natives find it."""

    @property
    def _loop(self):
        return _asyncio._current_loop()

    @_loop.setter
    def _loop(self, loop):
        _asyncio._keep_loop(loop)

    @property
    def _set_called(self):
        return _asyncio._is_loop_kept()


class _OwnLocal:
    """The loop of each thread, for a policy of the program."""

    def __init__(self):
        self._loops = {}

    @property
    def _loop(self):
        return self._loops.get(_asyncio._fiber())

    @_loop.setter
    def _loop(self, loop):
        self._loops[_asyncio._fiber()] = loop

    @property
    def _set_called(self):
        return _asyncio._fiber() in self._loops


class BaseDefaultEventLoopPolicy(AbstractEventLoopPolicy):
    """The main thread gets a loop when it asks for one; other threads have the one that they set."""

    _loop_factory = None

    def __init__(self):
        self._local = _OwnLocal()

    def get_event_loop(self):
        local = self._local
        if local._loop is None and not local._set_called and _asyncio._is_main_fiber():
            if _asyncio._is_strict():
                import warnings

                warnings.warn("There is no current event loop", DeprecationWarning, stacklevel=1)
            _asyncio._hint("get_event_loop")
            self.set_event_loop(self.new_event_loop())
        if local._loop is None:
            raise RuntimeError(f"There is no current event loop in thread {_thread_name()!r}.")
        return local._loop

    def set_event_loop(self, loop):
        if loop is not None and not isinstance(loop, AbstractEventLoop):
            raise TypeError(
                f"loop must be an instance of AbstractEventLoop or None, not '{type(loop).__name__}'"
            )
        self._local._loop = loop

    def new_event_loop(self):
        return self._loop_factory()


def _thread_name():
    import threading

    return threading.current_thread().name


_event_loop_policy = None


def get_event_loop_policy():
    """The policy; the default one is made when it is first asked for."""
    global _event_loop_policy
    if _event_loop_policy is None:
        from .unix_events import DefaultEventLoopPolicy

        _event_loop_policy = DefaultEventLoopPolicy()
        _event_loop_policy._local = _FiberLocal()
    return _event_loop_policy


def set_event_loop_policy(policy):
    """Another policy; None: the default one."""
    global _event_loop_policy
    if policy is not None and not isinstance(policy, AbstractEventLoopPolicy):
        raise TypeError(
            f"policy must be an instance of AbstractEventLoopPolicy or None, not '{type(policy).__name__}'"
        )
    _event_loop_policy = policy
    _asyncio._use_policy(policy)


def _get_event_loop():
    """`get_event_loop` when no loop is running."""
    return get_event_loop_policy().get_event_loop()


def set_event_loop(loop):
    """From now on this is the loop of this thread."""
    get_event_loop_policy().set_event_loop(loop)


def new_event_loop():
    """A new loop, made by the policy."""
    return get_event_loop_policy().new_event_loop()


def get_child_watcher():
    """What watches child processes."""
    return get_event_loop_policy().get_child_watcher()


def set_child_watcher(watcher):
    """What watches child processes from now on."""
    return get_event_loop_policy().set_child_watcher(watcher)

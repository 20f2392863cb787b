"""Executors that use processes: there are none."""

from concurrent.futures import _base


class BrokenProcessPool(_base.BrokenExecutor):
    """A process of the pool has ended."""


class ProcessPoolExecutor(_base.Executor):
    """Calls in other processes, which Aspen does not make."""

    def __init__(self, max_workers=None, mp_context=None, initializer=None, initargs=(), *, max_tasks_per_child=None):
        raise NotImplementedError("ProcessPoolExecutor: there are no process pools; use ThreadPoolExecutor")

"""Tasks that end together."""

from _asyncio import CancelledError, current_task, get_running_loop

__all__ = ("TaskGroup",)


class TaskGroup:
    """Waits for its tasks at the end of the block; when one fails, cancels the others."""

    def __init__(self):
        self._entered = False
        self._exiting = False
        self._aborting = False
        self._loop = None
        self._parent_task = None
        self._parent_cancel_requested = False
        # In order of creation.
        self._tasks = {}
        self._errors = []
        self._base_error = None
        self._on_completed_fut = None

    def __repr__(self):
        parts = ["<TaskGroup"]
        if self._tasks:
            parts.append(f"tasks={len(self._tasks)}")
        if self._errors:
            parts.append(f"errors={len(self._errors)}")
        if self._aborting:
            parts.append("cancelling")
        elif self._entered:
            parts.append("entered")
        return " ".join(parts) + ">"

    async def __aenter__(self):
        if self._entered:
            raise RuntimeError(f"TaskGroup {self!r} has already been entered")
        if self._loop is None:
            self._loop = get_running_loop()
        self._parent_task = current_task(self._loop)
        if self._parent_task is None:
            raise RuntimeError(f"TaskGroup {self!r} cannot determine the parent task")
        self._entered = True
        return self

    async def __aexit__(self, et, exc, tb):
        self._exiting = True
        if exc is not None and _is_base_error(exc) and self._base_error is None:
            self._base_error = exc
        cancellation = exc if et is not None and issubclass(et, CancelledError) else None
        if et is not None and not self._aborting:
            self._abort()
        while self._tasks:
            if self._on_completed_fut is None:
                self._on_completed_fut = self._loop.create_future()
            try:
                await self._on_completed_fut
            except CancelledError as cancelled:
                # Cancelled from outside while waiting, unless the group did it itself.
                if not self._aborting:
                    cancellation = cancelled
                    self._abort()
            self._on_completed_fut = None
        if self._base_error is not None:
            raise self._base_error
        if self._parent_cancel_requested and self._parent_task.uncancel() == 0:
            cancellation = None
        if cancellation is not None and not self._errors:
            raise cancellation
        if et is not None and not issubclass(et, CancelledError):
            self._errors.append(exc)
        if self._errors:
            self._raise_errors()

    def _raise_errors(self):
        errors, self._errors = self._errors, None
        if self._parent_task.cancelling():
            # A cancellation from outside is kept for the next await.
            self._parent_task.uncancel()
            self._parent_task.cancel()
        raise BaseExceptionGroup("unhandled errors in a TaskGroup", errors) from None

    def create_task(self, coro, *, name=None, context=None):
        """A new task of the group."""
        refused = None
        if not self._entered:
            refused = "has not been entered"
        elif self._exiting and not self._tasks:
            refused = "is finished"
        elif self._aborting:
            refused = "is shutting down"
        if refused is not None:
            coro.close()
            raise RuntimeError(f"TaskGroup {self!r} {refused}")
        if context is None:
            task = self._loop.create_task(coro, name=name)
        else:
            task = self._loop.create_task(coro, name=name, context=context)
        if task.done():
            # An eager task may be done: no turn for that.
            self._on_task_done(task)
        else:
            self._tasks[task] = None
            task.add_done_callback(self._on_task_done)
        return task

    def _abort(self):
        self._aborting = True
        for task in list(self._tasks):
            if not task.done():
                task.cancel()

    def _on_task_done(self, task):
        self._tasks.pop(task, None)
        waiter = self._on_completed_fut
        if waiter is not None and not self._tasks and not waiter.done():
            waiter.set_result(True)
        if task.cancelled():
            return
        exc = task.exception()
        if exc is None:
            return
        self._errors.append(exc)
        if _is_base_error(exc) and self._base_error is None:
            self._base_error = exc
        if self._parent_task.done():
            self._loop.call_exception_handler(
                {
                    "message": f"Task {task!r} has errored out but its parent task {self._parent_task} "
                    "is already completed",
                    "exception": exc,
                    "task": task,
                }
            )
        elif not self._aborting and not self._parent_cancel_requested:
            # The parent is cancelled once, and takes that back when it leaves the block.
            self._abort()
            self._parent_cancel_requested = True
            self._parent_task.cancel()


def _is_base_error(exc):
    return isinstance(exc, (SystemExit, KeyboardInterrupt))

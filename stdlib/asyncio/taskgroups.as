"""What a TaskGroup, which is native, leaves to the library."""

from _asyncio import TaskGroup

__all__ = ("TaskGroup",)


# ----- Called by natives -----


def _refuse(group, coro, reason):
    """No task is made of it."""
    coro.close()
    raise RuntimeError(f"TaskGroup {group!r} {reason}")


def _adopt(group, task):
    """A task that is none of asyncio's joins the group."""
    if task.done():
        _ended(group, task)
    else:
        group._keep(task)
        task.add_done_callback(group._on_task_done)
    return task


def _ended(group, task):
    """A task that is none of asyncio's is done."""
    group._note_end(task, None if task.cancelled() else task.exception())


def _report_orphan(loop, task, parent, exc):
    """A task failed whose parent is done already."""
    loop.call_exception_handler(
        {
            "message": f"Task {task!r} has errored out but its parent task {parent} is already completed",
            "exception": exc,
            "task": task,
        }
    )

"""The stack of a task."""

from . import base_futures, coroutines


def _task_repr_info(task):
    parts = base_futures._future_repr_info(task)
    if task.cancelling() and not task.done():
        parts[0] = "cancelling"
    parts.insert(1, f"name={task.get_name()!r}")
    if task._fut_waiter is not None:
        parts.insert(2, f"wait_for={task._fut_waiter!r}")
    if task._coro:
        parts.insert(2, f"coro=<{coroutines._format_coroutine(task._coro)}>")
    return parts


def _task_repr(task):
    return f"<{type(task).__name__} {' '.join(_task_repr_info(task))}>"


def _task_get_stack(task, limit=None):
    """The frame of the coroutine, or the frames of the exception with which it ended."""
    coro = task.get_coro()
    frame = None
    for name in ("cr_frame", "gi_frame", "ag_frame"):
        if hasattr(coro, name):
            frame = getattr(coro, name)
            break
    frames = []
    if frame is not None:
        while frame is not None and (limit is None or len(frames) < limit):
            frames.append(frame)
            frame = frame.f_back
        frames.reverse()
    elif task._exception is not None:
        trace = task._exception.__traceback__
        while trace is not None and (limit is None or len(frames) < limit):
            frames.append(trace.tb_frame)
            trace = trace.tb_next
    return frames


def _task_print_stack(task, limit=None, file=None):
    """Prints the stack as a traceback would be."""
    import linecache
    import traceback

    rows = []
    for frame in task.get_stack(limit=limit):
        code = frame.f_code
        line = linecache.getline(code.co_filename, frame.f_lineno, frame.f_globals)
        rows.append((code.co_filename, frame.f_lineno, code.co_name, line))
    exc = task._exception
    if not rows:
        print(f"No stack for {task!r}", file=file)
    elif exc is not None:
        print(f"Traceback for {task!r} (most recent call last):", file=file)
    else:
        print(f"Stack for {task!r} (most recent call last):", file=file)
    traceback.print_list(rows, file=file)
    if exc is not None:
        for line in traceback.format_exception_only(type(exc), exc):
            print(line, file=file, end="")

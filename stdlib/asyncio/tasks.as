"""Waiting for several futures, with and without time limits."""

import _asyncio
from _asyncio import (
    CancelledError,
    Future,
    Queue,
    Task,
    _enter_task,
    _leave_task,
    _register_eager_task,
    _register_task,
    _swap_current_task,
    _unregister_eager_task,
    _unregister_task,
    all_tasks,
    create_task,
    current_task,
    eager_task_factory,
    ensure_future,
    gather,
    get_event_loop,
    get_running_loop,
    iscoroutine,
    isfuture,
    sleep,
    timeout as _timeout,
    wait_for,
)

__all__ = (
    "Task",
    "create_task",
    "FIRST_COMPLETED",
    "FIRST_EXCEPTION",
    "ALL_COMPLETED",
    "wait",
    "wait_for",
    "as_completed",
    "sleep",
    "gather",
    "shield",
    "ensure_future",
    "run_coroutine_threadsafe",
    "current_task",
    "all_tasks",
    "create_eager_task_factory",
    "eager_task_factory",
    "_register_task",
    "_unregister_task",
    "_enter_task",
    "_leave_task",
)

_CTask = _PyTask = Task

FIRST_COMPLETED = "FIRST_COMPLETED"
FIRST_EXCEPTION = "FIRST_EXCEPTION"
ALL_COMPLETED = "ALL_COMPLETED"


def _refuse_old(function, keywords):
    """Old versions had a `loop` argument everywhere; it is accepted, but not with --strict."""
    for name in keywords:
        if name != "loop" or _asyncio._is_strict():
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}")
        _asyncio._hint("loop")


async def wait(fs, *, timeout=None, return_when=ALL_COMPLETED, **old):
    """Waits for futures and tasks; gives the set of those that are done and the set of the others."""
    if old:
        _refuse_old("wait", old)
    if isfuture(fs) or iscoroutine(fs):
        raise TypeError(f"expect a list of futures, not {type(fs).__name__}")
    if not fs:
        raise ValueError("Set of Tasks/Futures is empty.")
    if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
        raise ValueError(f"Invalid return_when value: {return_when}")
    fs = dict.fromkeys(fs)
    if any(iscoroutine(f) for f in fs):
        if _asyncio._is_strict():
            raise TypeError("Passing coroutines is forbidden, use tasks explicitly.")
        _asyncio._hint("wait")
        fs = dict.fromkeys(ensure_future(f) for f in fs)
    return await _wait(fs, timeout, return_when, get_running_loop())


def _release_waiter(waiter, *args):
    if not waiter.done():
        waiter.set_result(None)


async def _wait(fs, timeout, return_when, loop):
    """`wait` of futures, each once, in their order."""
    waiter = loop.create_future()
    handle = None
    if timeout is not None:
        handle = loop.call_later(timeout, _release_waiter, waiter)
    n_left = len(fs)

    def _on_completion(f):
        nonlocal n_left
        n_left -= 1
        is_over = n_left <= 0 or return_when == FIRST_COMPLETED
        if not is_over and return_when == FIRST_EXCEPTION:
            is_over = not f.cancelled() and f.exception() is not None
        if is_over:
            if handle is not None:
                handle.cancel()
            if not waiter.done():
                waiter.set_result(None)

    for f in fs:
        f.add_done_callback(_on_completion)
    try:
        await waiter
    finally:
        if handle is not None:
            handle.cancel()
        for f in fs:
            f.remove_done_callback(_on_completion)
    done, pending = set(), set()
    for f in fs:
        (done if f.done() else pending).add(f)
    return done, pending


async def _wait_for(fut, timeout):
    """`wait_for` where the time is over already, or on a loop that is none of asyncio's."""
    if timeout is None or timeout > 0:
        async with _timeout(timeout):
            return await fut
    fut = ensure_future(fut)
    if fut.done():
        return fut.result()
    await _cancel_and_wait(fut)
    try:
        return fut.result()
    except CancelledError as exc:
        raise TimeoutError from exc


async def _cancel_and_wait(fut):
    """Cancels a future and waits until it is done; can be cancelled itself."""
    waiter = get_running_loop().create_future()

    def release(fut):
        _release_waiter(waiter)

    fut.add_done_callback(release)
    try:
        fut.cancel()
        await waiter
    finally:
        fut.remove_done_callback(release)


class _AsCompletedIterator:
    """What `as_completed` gives: for `for`, coroutines; for `async for`, the futures that are done."""

    def __init__(self, aws, timeout):
        self._done = Queue()
        self._timeout_handle = None
        loop = get_event_loop()
        todo = dict.fromkeys([ensure_future(aw, loop=loop) for aw in dict.fromkeys(aws)])
        for f in todo:
            f.add_done_callback(self._handle_completion)
        if todo and timeout is not None:
            self._timeout_handle = loop.call_later(timeout, self._handle_timeout)
        self._todo = todo
        self._todo_left = len(todo)

    def __aiter__(self):
        return self

    def __iter__(self):
        return self

    async def __anext__(self):
        if not self._todo_left:
            raise StopAsyncIteration
        self._todo_left -= 1
        return await self._wait_for_one()

    def __next__(self):
        if not self._todo_left:
            raise StopIteration
        self._todo_left -= 1
        return self._wait_for_one(resolve=True)

    def _handle_timeout(self):
        for f in self._todo:
            f.remove_done_callback(self._handle_completion)
            # Nobody is behind it: the one who waits raises TimeoutError.
            self._done.put_nowait(None)
        self._todo.clear()

    def _handle_completion(self, f):
        if not self._todo:
            return
        del self._todo[f]
        self._done.put_nowait(f)
        if not self._todo and self._timeout_handle is not None:
            self._timeout_handle.cancel()

    async def _wait_for_one(self, resolve=False):
        f = await self._done.get()
        if f is None:
            raise TimeoutError
        return f.result() if resolve else f


def as_completed(fs, *, timeout=None, **old):
    """An iterator over awaitables in the order in which they are done."""
    if old:
        _refuse_old("as_completed", old)
    if isfuture(fs) or iscoroutine(fs) or hasattr(type(fs), "__await__"):
        raise TypeError(f"expects an iterable of awaitables, not {type(fs).__name__}")
    return _AsCompletedIterator(fs, timeout)


def shield(arg, **old):
    """A future for the result of another, which is not cancelled with it."""
    if old:
        _refuse_old("shield", old)
    inner = ensure_future(arg)
    if inner.done():
        return inner
    outer = _loop_of(inner).create_future()

    def _inner_done_callback(inner):
        if outer.cancelled():
            if not inner.cancelled():
                # Nobody will ask for it: it counts as seen.
                inner.exception()
        elif inner.cancelled():
            outer.cancel()
        elif (exc := inner.exception()) is not None:
            outer.set_exception(exc)
        else:
            outer.set_result(inner.result())

    def _outer_done_callback(outer):
        if not inner.done():
            inner.remove_done_callback(_inner_done_callback)

    inner.add_done_callback(_inner_done_callback)
    outer.add_done_callback(_outer_done_callback)
    return outer


def _loop_of(fut):
    get_loop = getattr(fut, "get_loop", None)
    return fut._loop if get_loop is None else get_loop()


def run_coroutine_threadsafe(coro, loop):
    """Runs a coroutine on the loop of another thread; gives a future of concurrent.futures."""
    if not iscoroutine(coro):
        raise TypeError("A coroutine object is required")
    from concurrent.futures import Future as ThreadFuture

    from .futures import _chain_future

    future = ThreadFuture()

    def callback():
        try:
            _chain_future(ensure_future(coro, loop=loop), future)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as exc:
            if future.set_running_or_notify_cancel():
                future.set_exception(exc)
            raise

    loop.call_soon_threadsafe(callback)
    return future


def create_eager_task_factory(custom_task_constructor):
    """A task factory whose tasks begin at once."""

    def factory(loop, coro, *, name=None, context=None):
        return custom_task_constructor(coro, loop=loop, name=name, context=context, eager_start=True)

    return factory


class _GatheringFuture(Future):
    """What `gather` gives where a child is no future of asyncio's."""

    def __init__(self, children, *, loop):
        super().__init__(loop=loop)
        self._children = children
        self._cancel_requested = False

    def cancel(self, msg=None):
        if self.done():
            return False
        is_any = False
        for child in self._children:
            is_any = child.cancel(msg=msg) or is_any
        if is_any:
            self._cancel_requested = True
        return is_any

    def _child_done(self, child, return_exceptions, n_left):
        if self.done():
            if not child.cancelled():
                child.exception()
        elif not return_exceptions and child.cancelled():
            self.set_exception(child._make_cancelled_error())
        elif not return_exceptions and child.exception() is not None:
            self.set_exception(child.exception())
        elif n_left == 0:
            self._collect()

    def _collect(self):
        results = []
        for child in self._children:
            if child.cancelled():
                message = getattr(child, "_cancel_message", None)
                results.append(CancelledError("" if message is None else message))
            else:
                exc = child.exception()
                results.append(child.result() if exc is None else exc)
        if self._cancel_requested:
            self.set_exception(child._make_cancelled_error())
        else:
            self.set_result(results)


def _gather_foreign(return_exceptions, *args):
    """`gather` by attribute calls."""
    known = {}
    loop = None
    outer = None
    done = []
    n_left = 0

    def on_done(child):
        nonlocal n_left
        n_left -= 1
        if outer is not None:
            outer._child_done(child, return_exceptions, n_left)

    for arg in args:
        if arg in known:
            continue
        child = ensure_future(arg, loop=loop)
        if loop is None:
            loop = _loop_of(child)
        if child is not arg:
            child._log_destroy_pending = False
        known[arg] = child
        n_left += 1
        if child.done():
            done.append(child)
        else:
            child.add_done_callback(on_done)
    outer = _GatheringFuture([known[arg] for arg in args], loop=loop)
    for child in done:
        on_done(child)
    return outer


# ----- Called by natives -----


def _create_on_new_loop(coro):
    """`ensure_future` of a coroutine when no loop is running or known."""
    try:
        loop = get_event_loop()
        return loop.create_task(coro)
    except RuntimeError:
        close = getattr(coro, "close", None)
        if close is not None:
            close()
        raise


def _ensure_on(coro_or_future, loop):
    """`ensure_future(coro_or_future, loop=loop)` for a loop that is none of ours."""
    if isfuture(coro_or_future):
        if _loop_of(coro_or_future) is not loop:
            raise ValueError(
                "The future belongs to a different loop than the one specified as the loop argument"
            )
        return coro_or_future
    if iscoroutine(coro_or_future):
        try:
            return loop.create_task(coro_or_future)
        except RuntimeError:
            coro_or_future.close()
            raise
    if not hasattr(type(coro_or_future), "__await__"):
        raise TypeError("An asyncio.Future, a coroutine or an awaitable is required")
    return loop.create_task(_wrap_awaitable(coro_or_future))


async def _wrap_awaitable(awaitable):
    return await awaitable


async def _sleep(delay, result):
    """`sleep` by the methods of the loop: its clock, its futures, its timers."""
    if delay <= 0:
        await sleep(0)
        return result
    if delay != delay:
        raise ValueError("Invalid delay: NaN (not a number)")
    loop = get_running_loop()
    future = loop.create_future()
    handle = loop.call_later(delay, _set_result_unless_cancelled, future, result)
    try:
        return await future
    finally:
        handle.cancel()


def _set_result_unless_cancelled(fut, result):
    if not fut.cancelled():
        fut.set_result(result)

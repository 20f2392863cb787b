"""Futures of asyncio and of concurrent.futures, chained."""

from _asyncio import CancelledError, Future, InvalidStateError, get_event_loop, isfuture

from .tasks import _loop_of as _get_loop
from .tasks import _set_result_unless_cancelled

__all__ = ("Future", "wrap_future", "isfuture")

_CFuture = _PyFuture = Future

_PENDING, _CANCELLED, _FINISHED = "PENDING", "CANCELLED", "FINISHED"


def _convert_future_exc(exc):
    """The exception of asyncio for one of concurrent.futures."""
    import concurrent.futures

    if type(exc) is concurrent.futures.CancelledError:
        return CancelledError(*exc.args).with_traceback(exc.__traceback__)
    if type(exc) is concurrent.futures.InvalidStateError:
        return InvalidStateError(*exc.args).with_traceback(exc.__traceback__)
    return exc


def _set_concurrent_future_state(concurrent, source):
    """Gives a future of concurrent.futures the state of one that is done."""
    if source.cancelled():
        concurrent.cancel()
    if not concurrent.set_running_or_notify_cancel():
        return
    exc = source.exception()
    if exc is not None:
        concurrent.set_exception(_convert_future_exc(exc))
    else:
        concurrent.set_result(source.result())


def _copy_future_state(source, dest):
    """Gives a future of asyncio the state of one that is done."""
    if dest.cancelled():
        return
    assert not dest.done()
    if source.cancelled():
        dest.cancel()
        return
    exc = source.exception()
    if exc is not None:
        dest.set_exception(_convert_future_exc(exc))
    else:
        dest.set_result(source.result())


def _chain_future(source, destination):
    """When the source is done, so is the destination; when the destination is cancelled, so is the source."""
    import concurrent.futures

    if not isfuture(source) and not isinstance(source, concurrent.futures.Future):
        raise TypeError("A future is required for source argument")
    if not isfuture(destination) and not isinstance(destination, concurrent.futures.Future):
        raise TypeError("A future is required for destination argument")
    source_loop = _get_loop(source) if isfuture(source) else None
    dest_loop = _get_loop(destination) if isfuture(destination) else None

    def _set_state(future, other):
        if isfuture(future):
            _copy_future_state(other, future)
        else:
            _set_concurrent_future_state(future, other)

    def _call_check_cancel(destination):
        if not destination.cancelled():
            return
        if source_loop is None or source_loop is dest_loop:
            source.cancel()
        else:
            source_loop.call_soon_threadsafe(source.cancel)

    def _call_set_state(source):
        if dest_loop is None or dest_loop is source_loop:
            _set_state(destination, source)
        elif not dest_loop.is_closed():
            dest_loop.call_soon_threadsafe(_set_state, destination, source)

    destination.add_done_callback(_call_check_cancel)
    source.add_done_callback(_call_set_state)


_ConcurrentFuture = None


def wrap_future(future, *, loop=None):
    """A future of asyncio for one of concurrent.futures."""
    global _ConcurrentFuture
    if isfuture(future):
        return future
    if _ConcurrentFuture is None:
        from concurrent.futures import Future as _ConcurrentFuture
    assert isinstance(future, _ConcurrentFuture), f"concurrent.futures.Future is expected, got {future!r}"
    if loop is None:
        loop = get_event_loop()
    wrapped = loop.create_future()

    def _call_check_cancel(destination):
        if destination.cancelled():
            future.cancel()

    def _call_set_state(source):
        if not loop.is_closed():
            loop.call_soon_threadsafe(_copy_future_state, source, wrapped)

    wrapped.add_done_callback(_call_check_cancel)
    future.add_done_callback(_call_set_state)
    return wrapped


def run_in_executor(loop, executor, func, *args):
    """`loop.run_in_executor(executor, func, *args)`: gives a future."""
    loop._check_closed()
    if loop.get_debug():
        from .base_events import _check_callback

        _check_callback(func, "run_in_executor")
    if executor is None:
        executor = loop._default_executor
        if loop._executor_shutdown_called:
            raise RuntimeError("Executor shutdown has been called")
        if executor is None:
            from concurrent.futures import ThreadPoolExecutor

            executor = ThreadPoolExecutor(thread_name_prefix="asyncio")
            loop._default_executor = executor
    return wrap_future(executor.submit(func, *args), loop=loop)

"""What every loop can do beyond running callbacks: report errors, close generators, run functions in threads."""

import sys
from _asyncio import _BaseEventLoop as BaseEventLoop
from _asyncio import CancelledError, _made_at, gather

from .log import logger

__all__ = ("BaseEventLoop", "Server")


# ----- Futures of other libraries -----


def _run_foreign(loop, future, is_new):
    """`run_until_complete` of an object that only follows the future protocol."""

    def stop(future):
        if not future.cancelled() and isinstance(future.exception(), (SystemExit, KeyboardInterrupt)):
            return
        loop.stop()

    future.add_done_callback(stop)
    try:
        loop.run_forever()
    except:
        if is_new and future.done() and not future.cancelled():
            # The one who calls sees the exception that left the loop.
            future.exception()
        raise
    finally:
        future.remove_done_callback(stop)
    if not future.done():
        raise RuntimeError("Event loop stopped before Future completed.")
    return future.result()


def __getattr__(name):
    # Few programs need it, and the sockets with it.
    if name == "Server":
        from .selector_events import Server

        return Server
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# ----- Exceptions that nobody asked for -----


def _callback_raised(loop, handle, exc):
    """A callback of the loop raised."""
    from .format_helpers import _format_callback_source

    callback = _format_callback_source(handle._callback, handle._args, debug=loop.get_debug())
    loop.call_exception_handler(
        {"message": f"Exception in callback {callback}", "exception": exc, "handle": handle}
    )


def call_exception_handler(loop, context):
    """Hands a mishap to the handler that was set, or logs it."""
    if loop._exception_handler is None:
        try:
            loop.default_exception_handler(context)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException:
            logger.error("Exception in default exception handler", exc_info=True)
        return
    try:
        subject = context.get("task")
        if subject is None:
            subject = context.get("future")
        if subject is None:
            subject = context.get("handle")
        in_context = None
        if subject is not None and hasattr(subject, "get_context"):
            in_context = subject.get_context()
        if in_context is not None and hasattr(in_context, "run"):
            in_context.run(loop._exception_handler, loop, context)
        else:
            loop._exception_handler(loop, context)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as exc:
        try:
            loop.default_exception_handler(
                {"message": "Unhandled error in exception handler", "exception": exc, "context": context}
            )
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException:
            logger.error(
                "Exception in default exception handler while handling an unexpected error "
                "in custom exception handler",
                exc_info=True,
            )


def default_exception_handler(loop, context):
    """Logs a mishap: its message, what belongs to it, and the traceback."""
    message = context.get("message")
    if not message:
        message = "Unhandled exception in event loop"
    exc = context.get("exception")
    exc_info = False if exc is None else (type(exc), exc, exc.__traceback__)
    lines = [message]
    for key in sorted(context):
        if key in ("message", "exception"):
            continue
        value = context[key]
        if key in ("source_traceback", "handle_traceback"):
            import traceback

            what = "Object" if key == "source_traceback" else "Handle"
            trace = "".join(traceback.format_list(value)).rstrip()
            value = f"{what} created at (most recent call last):\n{trace}"
        else:
            value = repr(value)
        lines.append(f"{key}: {value}")
        if key in ("task", "future") and (made_at := _made_at(context[key])):
            lines.append(f"made at {made_at}")
    logger.error("\n".join(lines), exc_info=exc_info)


def _task_lost(loop, task):
    """A task died while it was pending."""
    loop.call_exception_handler({"task": task, "message": "Task was destroyed but it is pending!"})


def _exception_lost(loop, future, exc):
    """A future died and nobody had asked for its exception."""
    loop.call_exception_handler(
        {"message": f"{type(future).__name__} exception was never retrieved", "exception": exc, "future": future}
    )


# ----- Asynchronous generators -----


def _late_asyncgen(loop, agen):
    import warnings

    warnings.warn(
        f"asynchronous generator {agen!r} was scheduled after loop.shutdown_asyncgens() call",
        ResourceWarning,
        source=loop,
    )


async def shutdown_asyncgens(loop):
    """Closes all asynchronous generators that have begun."""
    loop._asyncgens_shutdown_called = True
    left = loop._take_asyncgens()
    if not left:
        return
    results = await gather(*[agen.aclose() for agen in left], return_exceptions=True)
    for result, agen in zip(results, left):
        if isinstance(result, Exception):
            loop.call_exception_handler(
                {
                    "message": f"an error occurred during closing of asynchronous generator {agen!r}",
                    "exception": result,
                    "asyncgen": agen,
                }
            )


# ----- Threads -----


def _check_callback(callback, method):
    from _asyncio import iscoroutine, iscoroutinefunction

    if iscoroutine(callback) or iscoroutinefunction(callback):
        raise TypeError(f"coroutines cannot be used with {method}()")
    if not callable(callback):
        raise TypeError(f"a callable object was expected by {method}(), got {callback!r}")


def set_default_executor(loop, executor):
    """The executor of `run_in_executor(None, …)`."""
    from concurrent.futures import ThreadPoolExecutor

    if not isinstance(executor, ThreadPoolExecutor):
        raise TypeError("executor must be ThreadPoolExecutor instance")
    loop._default_executor = executor


async def shutdown_default_executor(loop, timeout=None):
    """Waits for the workers of the default executor."""
    loop._executor_shutdown_called = True
    executor = loop._default_executor
    if executor is None:
        return
    import threading

    from .timeouts import timeout as limit

    future = loop.create_future()
    thread = threading.Thread(target=_do_shutdown, args=(loop, executor, future))
    thread.start()
    try:
        async with limit(timeout):
            await future
    except TimeoutError:
        import warnings

        warnings.warn(
            f"The executor did not finishing joining its threads within {timeout} seconds.",
            RuntimeWarning,
            stacklevel=1,
        )
        executor.shutdown(wait=False)
    else:
        thread.join()


def _do_shutdown(loop, executor, future):
    from .tasks import _set_result_unless_cancelled

    try:
        executor.shutdown(wait=True)
        if not loop.is_closed():
            loop.call_soon_threadsafe(_set_result_unless_cancelled, future, None)
    except Exception as exc:
        if not loop.is_closed() and not future.cancelled():
            loop.call_soon_threadsafe(future.set_exception, exc)


def _end_executor(executor):
    """The loop is closed: nobody waits for the workers."""
    executor.shutdown(wait=False)


# ----- Timers of loops with another clock -----


def _call_later(loop, delay, callback, context, *args):
    """`call_later` by the clock and the `call_at` of a subclass."""
    return loop.call_at(loop.time() + delay, callback, *args, context=context)

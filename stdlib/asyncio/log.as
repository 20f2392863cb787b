"""The logger of asyncio: warnings and errors go to the standard error stream."""

import sys

from _asyncio import _format_exception

DEBUG, INFO, WARNING, ERROR, CRITICAL = 10, 20, 30, 40, 50


class _Logger:
    """What `logging.getLogger("asyncio")` would be without a configuration."""

    def __init__(self, name):
        self.name = name
        self.level = WARNING
        self.disabled = False

    def setLevel(self, level):
        self.level = level

    def getEffectiveLevel(self):
        return self.level

    def isEnabledFor(self, level):
        return not self.disabled and level >= self.level

    def debug(self, msg, *args, **kwargs):
        self.log(DEBUG, msg, *args, **kwargs)

    def info(self, msg, *args, **kwargs):
        self.log(INFO, msg, *args, **kwargs)

    def warning(self, msg, *args, **kwargs):
        self.log(WARNING, msg, *args, **kwargs)

    def error(self, msg, *args, **kwargs):
        self.log(ERROR, msg, *args, **kwargs)

    def exception(self, msg, *args, exc_info=True, **kwargs):
        self.log(ERROR, msg, *args, exc_info=exc_info, **kwargs)

    def critical(self, msg, *args, **kwargs):
        self.log(CRITICAL, msg, *args, **kwargs)

    def log(self, level, msg, *args, exc_info=None, stack_info=False, extra=None):
        if not self.isEnabledFor(level) or sys.stderr is None:
            return
        text = str(msg)
        if args:
            text = text % (args[0] if len(args) == 1 and isinstance(args[0], dict) and args[0] else args)
        trace = _trace(exc_info)
        if trace:
            text = f"{text}\n{trace}" if not text.endswith("\n") else text + trace
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def _trace(exc_info):
    """The traceback that goes with a message."""
    if not exc_info:
        return ""
    if not isinstance(exc_info, (BaseException, tuple)):
        exc_info = sys.exc_info()
    exc = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    return _format_exception(exc).rstrip("\n")


logger = _Logger("asyncio")

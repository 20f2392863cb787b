"""Warnings: what filters do with them, and how they are shown."""

import sys

__all__ = [
    "warn", "warn_explicit", "showwarning", "formatwarning", "filterwarnings", "simplefilter", "resetwarnings",
    "catch_warnings", "deprecated",
]

# Each is (action, message pattern or None, category, module pattern or None, line or 0); the first that fits decides.
# A pattern is a str that is compared, or an object with `match`.
filters = [
    ("default", None, DeprecationWarning, "__main__", 0),
    ("ignore", None, DeprecationWarning, None, 0),
    ("ignore", None, PendingDeprecationWarning, None, 0),
    ("ignore", None, ImportWarning, None, 0),
    ("ignore", None, ResourceWarning, None, 0),
]
defaultaction = "default"
onceregistry = {}
_defaultaction = defaultaction
_onceregistry = onceregistry

# A module's registry holds for this state of the filters only.
_filters_version = 1

_actions = frozenset(["error", "ignore", "always", "default", "module", "once"])


def _filters_mutated():
    global _filters_version
    _filters_version += 1


class WarningMessage:
    """A warning with its place."""

    def __init__(self, message, category, filename, lineno, file=None, line=None, source=None):
        self.message = message
        self.category = category
        self.filename = filename
        self.lineno = lineno
        self.file = file
        self.line = line
        self.source = source
        self._category_name = category.__name__ if category else None

    def __str__(self):
        return (
            f"{{message : {self.message!r}, category : {self._category_name!r}, "
            f"filename : {self.filename!r}, lineno : {self.lineno}, line : {self.line!r}}}"
        )


# ----- Showing -----


def showwarning(message, category, filename, lineno, file=None, line=None):
    """Writes a warning to a file, or to the error stream. May be replaced."""
    _showwarnmsg_impl(WarningMessage(message, category, filename, lineno, file, line))


def formatwarning(message, category, filename, lineno, line=None):
    """A warning as text. May be replaced."""
    return _formatwarnmsg_impl(WarningMessage(message, category, filename, lineno, None, line))


def _showwarnmsg_impl(msg):
    file = msg.file
    if file is None:
        file = sys.stderr
        if file is None:
            return
    text = _formatwarnmsg(msg)
    try:
        file.write(text)
    except OSError:
        # The error stream is closed: nobody is there to be told.
        pass


def _formatwarnmsg_impl(msg):
    text = f"{msg.filename}:{msg.lineno}: {msg.category.__name__}: {msg.message}\n"
    line = msg.line
    if line is None:
        try:
            import linecache

            line = linecache.getline(msg.filename, msg.lineno)
        except Exception:
            line = None
    if line:
        text += f"  {line.strip()}\n"
    return text


_showwarning_orig = showwarning
_formatwarning_orig = formatwarning


def _showwarnmsg(msg):
    """Through `showwarning` if a script has replaced it."""
    shown = sys.modules[__name__].showwarning
    if shown is _showwarning_orig:
        _showwarnmsg_impl(msg)
        return
    if not callable(shown):
        raise TypeError("warnings.showwarning() must be set to a function or method")
    shown(msg.message, msg.category, msg.filename, msg.lineno, msg.file, msg.line)


def _formatwarnmsg(msg):
    if formatwarning is not _formatwarning_orig:
        return formatwarning(msg.message, msg.category, msg.filename, msg.lineno, msg.line)
    return _formatwarnmsg_impl(msg)


# ----- Filters -----


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    """Adds a filter in front, or at the end; message and module are regular expressions."""
    if action not in _actions:
        raise ValueError(f"invalid action: {action!r}")
    if not isinstance(message, str):
        raise TypeError("message must be a string")
    if not isinstance(category, type) or not issubclass(category, Warning):
        raise TypeError("category must be a Warning subclass")
    if not isinstance(module, str):
        raise TypeError("module must be a string")
    if not isinstance(lineno, int):
        raise TypeError("lineno must be an int")
    if lineno < 0:
        raise ValueError("lineno must be an int >= 0")
    pattern = of_module = None
    if message or module:
        from _pattern import Pattern

        pattern = Pattern(message, ignores_case=True) if message else None
        of_module = Pattern(module) if module else None
    _add_filter(action, pattern, category, of_module, lineno, append=append)


def simplefilter(action, category=Warning, lineno=0, append=False):
    """Adds a filter that fits all messages and modules."""
    if action not in _actions:
        raise ValueError(f"invalid action: {action!r}")
    if not isinstance(lineno, int):
        raise TypeError("lineno must be an int")
    if lineno < 0:
        raise ValueError("lineno must be an int >= 0")
    _add_filter(action, None, category, None, lineno, append=append)


def _add_filter(*item, append):
    if append:
        if item not in filters:
            filters.append(item)
    else:
        try:
            filters.remove(item)
        except ValueError:
            pass
        filters.insert(0, item)
    _filters_mutated()


def resetwarnings():
    """Forgets all filters."""
    filters[:] = []
    _filters_mutated()


class _OptionError(Exception):
    """A -W option that says nothing."""


def _processoptions(args):
    for arg in args:
        try:
            _setoption(arg)
        except _OptionError as msg:
            print("Invalid -W option ignored:", msg, file=sys.stderr)


def _setoption(arg):
    """action:message:category:module:lineno"""
    parts = arg.split(":")
    if len(parts) > 5:
        raise _OptionError(f"too many fields (max 5): {arg!r}")
    action, message, category, module, lineno = [part.strip() for part in parts + [""] * (5 - len(parts))]
    action = _getaction(action)
    category = _getcategory(category)
    if message or module:
        from _pattern import escape

        message = escape(message)
        module = module and escape(module) + r"\Z"
    if lineno:
        try:
            number = int(lineno)
            if number < 0:
                raise ValueError
        except (ValueError, OverflowError):
            raise _OptionError(f"invalid lineno {lineno!r}") from None
        lineno = number
    else:
        lineno = 0
    filterwarnings(action, message, category, module, lineno)


def _getaction(action):
    if not action:
        return "default"
    if action == "all":
        return "always"
    for known in ("default", "always", "ignore", "module", "once", "error"):
        if known.startswith(action):
            return known
    raise _OptionError(f"invalid action: {action!r}")


def _getcategory(category):
    if not category:
        return Warning
    module, _, klass = category.rpartition(".")
    try:
        namespace = __import__(module or "builtins", None, None, [klass])
    except ImportError:
        raise _OptionError(f"invalid module name: {module!r}") from None
    try:
        found = getattr(namespace, klass)
    except AttributeError:
        raise _OptionError(f"unknown warning category: {category!r}") from None
    if not issubclass(found, Warning):
        raise _OptionError(f"invalid warning category: {category!r}")
    return found


# ----- Warning -----


def _is_internal_frame(frame):
    filename = frame.f_code.co_filename
    return "importlib" in filename and "_bootstrap" in filename


def _next_external_frame(frame, skipped):
    frame = frame.f_back
    while frame is not None and (_is_internal_frame(frame) or frame.f_code.co_filename.startswith(skipped)):
        frame = frame.f_back
    return frame


def warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()):
    """Warns of what is at the caller, or further out."""
    if isinstance(message, Warning):
        category = message.__class__
    elif category is None:
        category = UserWarning
    if not isinstance(category, type) or not issubclass(category, Warning):
        raise TypeError(f"category must be a Warning subclass, not '{type(category).__name__}'")
    if not isinstance(skip_file_prefixes, tuple):
        kind = type(skip_file_prefixes).__name__
        raise TypeError(f"warn() argument 'skip_file_prefixes' must be tuple, not {kind}")
    for prefix in skip_file_prefixes:
        if not isinstance(prefix, str):
            raise TypeError(f"Found non-str '{type(prefix).__name__}' in skip_file_prefixes.")
    if skip_file_prefixes:
        stacklevel = max(2, stacklevel)
    try:
        # Frames of the library are not seen: the first one is the caller.
        frame = sys._getframe(0)
        if stacklevel <= 1 or _is_internal_frame(frame):
            for _ in range(1, stacklevel):
                frame = frame.f_back
        else:
            for _ in range(1, stacklevel):
                frame = _next_external_frame(frame, skip_file_prefixes)
        namespace = frame.f_globals
        filename = frame.f_code.co_filename
        lineno = frame.f_lineno
    except (ValueError, AttributeError):
        namespace = sys.__dict__
        filename = "<sys>"
        lineno = 0
    module = namespace.get("__name__", "<string>")
    registry = namespace.setdefault("__warningregistry__", {})
    warn_explicit(message, category, filename, lineno, module, registry, namespace, source)


def _fits(pattern, text):
    if pattern is None:
        return True
    if type(pattern) is str:
        return pattern == text
    return bool(pattern.match(text))


def _already_warned(registry, key, should_set=False):
    if registry.get("version") != _filters_version:
        registry.clear()
        registry["version"] = _filters_version
    elif registry.get(key):
        return True
    if should_set:
        registry[key] = True
    return False


def _action(category, text, module, lineno):
    own = sys.modules[__name__]
    for at, item in enumerate(own.filters):
        if not isinstance(item, tuple) or len(item) != 5:
            raise ValueError(f"warnings.filters item {at} isn't a 5-tuple")
        action, msg, cat, mod, line = item
        if issubclass(category, cat) and (line == 0 or line == lineno) and _fits(msg, text) and _fits(mod, module):
            return action, item
    return own.defaultaction, None


def warn_explicit(
    message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None
):
    """Warns of what is at a given place."""
    lineno = lineno.__index__() if hasattr(lineno, "__index__") else _refuse_line(lineno)
    if registry is not None and not isinstance(registry, dict):
        raise TypeError("'registry' must be a dict or None")
    if module is None:
        module = filename or "<unknown>"
        if module[-3:].lower() == ".py":
            module = module[:-3]
    if isinstance(message, Warning):
        text = str(message)
        category = message.__class__
    else:
        text = message
        message = category(message)
    key = (text, category, lineno)
    if registry is not None and _already_warned(registry, key):
        return
    action, item = _action(category, text, module, lineno)
    if action == "error":
        raise message
    if action == "ignore":
        return
    if action != "always":
        if registry is not None:
            registry[key] = True
        if action == "once":
            of_all = sys.modules[__name__].onceregistry if registry is None else registry
            if registry is not None:
                of_all = sys.modules[__name__].onceregistry
            if _already_warned_once(of_all, (text, category)):
                return
        elif action == "module":
            if registry is not None and _already_warned(registry, (text, category), True):
                return
        elif action != "default":
            raise RuntimeError(f"Unrecognized action ({action!r}) in warnings.filters:\n {item!r}")
    if module_globals:
        import linecache

        linecache.lazycache(filename, module_globals)
    _showwarnmsg(WarningMessage(message, category, filename, lineno, source=source))


def _already_warned_once(registry, key):
    if registry.get(key):
        return True
    registry[key] = 1
    return False


def _refuse_line(lineno):
    raise TypeError(f"'{type(lineno).__name__}' object cannot be interpreted as an integer")


class catch_warnings:
    """Restores filters and `showwarning` at the end; with record=True, gives a list of the warnings instead of showing them."""

    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record = record
        self._module = sys.modules["warnings"] if module is None else module
        self._entered = False
        self._filter = None if action is None else (action, category, lineno, append)

    def __repr__(self):
        args = []
        if self._record:
            args.append("record=True")
        if self._module is not sys.modules["warnings"]:
            args.append("module=" + repr(self._module))
        return f"{type(self).__name__}({', '.join(args)})"

    def __enter__(self):
        if self._entered:
            raise RuntimeError(f"Cannot enter {self!r} twice")
        self._entered = True
        own = self._module
        self._filters = own.filters
        own.filters = self._filters[:]
        own._filters_mutated()
        self._showwarning = own.showwarning
        self._showwarnmsg_impl = own._showwarnmsg_impl
        log = None
        if self._record:
            log = []
            own._showwarnmsg_impl = log.append
            # A replaced function must not see what is recorded.
            own.showwarning = own._showwarning_orig
        if self._filter is not None:
            simplefilter(*self._filter)
        return log

    def __exit__(self, *exc_info):
        if not self._entered:
            raise RuntimeError(f"Cannot exit {self!r} without entering first")
        own = self._module
        own.filters = self._filters
        own._filters_mutated()
        own.showwarning = self._showwarning
        own._showwarnmsg_impl = self._showwarnmsg_impl


class deprecated:
    """A decorator: whoever calls the function, or makes an instance of the class, is warned."""

    def __init__(self, message, /, *, category=DeprecationWarning, stacklevel=1):
        if not isinstance(message, str):
            raise TypeError(f"Expected an object of type str for 'message', not {type(message).__name__!r}")
        self.message = message
        self.category = category
        self.stacklevel = stacklevel

    def __call__(self, arg, /):
        message, category, stacklevel = self.message, self.category, self.stacklevel
        if category is None:
            arg.__deprecated__ = message
            return arg
        if isinstance(arg, type):
            return _deprecated_class(arg, message, category, stacklevel)
        if callable(arg):
            return _deprecated_function(arg, message, category, stacklevel)
        raise TypeError(
            "@deprecated decorator with non-None category must be applied to "
            f"a class or callable, not {arg!r}"
        )


def _deprecated_class(cls, message, category, stacklevel):
    import functools
    from types import MethodType

    made = cls.__new__

    @functools.wraps(made)
    def __new__(cls_, /, *args, **kwargs):
        if cls_ is cls:
            warn(message, category=category, stacklevel=stacklevel)
        if made is not object.__new__:
            return made(cls_, *args, **kwargs)
        # As object.__new__ itself would say.
        if cls_.__init__ is object.__init__ and (args or kwargs):
            raise TypeError(f"{cls_.__name__}() takes no arguments")
        return made(cls_)

    cls.__new__ = staticmethod(__new__)
    of_subclass = cls.__init_subclass__
    # One that was written in Aspen is a bound method: its function is called with the class that is being made.
    if isinstance(of_subclass, MethodType):
        inner = of_subclass.__func__

        @functools.wraps(inner)
        def __init_subclass__(*args, **kwargs):
            warn(message, category=category, stacklevel=stacklevel)
            return inner(*args, **kwargs)

        cls.__init_subclass__ = classmethod(__init_subclass__)
    else:

        @functools.wraps(of_subclass)
        def __init_subclass__(*args, **kwargs):
            warn(message, category=category, stacklevel=stacklevel)
            return of_subclass(*args, **kwargs)

        cls.__init_subclass__ = __init_subclass__
    cls.__deprecated__ = __new__.__deprecated__ = message
    __init_subclass__.__deprecated__ = message
    return cls


def _deprecated_function(func, message, category, stacklevel):
    import functools
    import inspect

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        warn(message, category=category, stacklevel=stacklevel)
        return func(*args, **kwargs)

    if inspect.iscoroutinefunction(func):
        wrapper = inspect.markcoroutinefunction(wrapper)
    func.__deprecated__ = wrapper.__deprecated__ = message
    return wrapper


_DEPRECATED_MSG = "{name!r} is deprecated and slated for removal in Python {remove}"


def _deprecated(name, message=_DEPRECATED_MSG, *, remove, _version=sys.version_info):
    """Warns of a name that will go; an error once it should have gone."""
    remove_formatted = f"{remove[0]}.{remove[1]}"
    if (_version[:2] > remove) or (_version[:2] == remove and _version[3] != "alpha"):
        raise RuntimeError(f"{name!r} was slated for removal after Python {remove_formatted} alpha")
    warn(message.format(name=name, remove=remove_formatted), DeprecationWarning, stacklevel=2)


def _warn_unawaited_coroutine(coro):
    warn(f"coroutine '{coro.__qualname__}' was never awaited", category=RuntimeWarning, source=coro)


_processoptions(getattr(sys, "warnoptions", ()))

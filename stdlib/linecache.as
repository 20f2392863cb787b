"""Lines of source files, read once."""

__all__ = ["getline", "clearcache", "checkcache", "lazycache"]

# File name → (size, time of the last change or None, lines, full name), or (getter,) before it is needed.
cache = {}

# For code that was compiled from text: name → lines.
_interactive_cache = {}


def clearcache():
    cache.clear()


def getline(filename, lineno, module_globals=None):
    """A line with its end; '' if there is none."""
    lines = getlines(filename, module_globals)
    return lines[lineno - 1] if 1 <= lineno <= len(lines) else ""


def getlines(filename, module_globals=None):
    entry = cache.get(filename)
    if entry is not None and len(entry) != 1:
        return entry[2]
    try:
        return updatecache(filename, module_globals)
    except MemoryError:
        clearcache()
        return []


def _is_no_file(filename):
    return not filename or filename.startswith("<") and filename.endswith(">")


def checkcache(filename=None):
    """Forgets files that have changed since."""
    names = list(cache) if filename is None else [filename] if filename in cache else []
    if not names:
        return
    for name in names:
        entry = cache[name]
        if len(entry) == 1:
            continue
        size, mtime, lines, fullname = entry
        if mtime is not None and _state(fullname) != (size, mtime):
            cache.pop(name, None)


def updatecache(filename, module_globals=None):
    """Reads a file again; its lines, or [] if it cannot be read."""
    entry = cache.pop(filename, None)
    if _is_no_file(filename):
        return []
    if entry is None or len(entry) != 1:
        if lazycache(filename, module_globals):
            entry = cache.pop(filename, None)
    if entry is not None and len(entry) == 1:
        try:
            data = entry[0]()
        except (ImportError, OSError):
            data = None
        if data is not None:
            lines = [line + "\n" for line in data.splitlines()]
            cache[filename] = (len(data), None, lines, filename)
            return lines
        return []
    for fullname in _places(filename):
        try:
            with open(fullname, encoding="utf-8-sig") as file:
                lines = file.readlines()
        except (OSError, UnicodeDecodeError, SyntaxError, ValueError):
            continue
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        size, mtime = _state(fullname) or (-1, -1)
        cache[filename] = (size, mtime, lines, fullname)
        return lines
    return []


def _state(fullname):
    """Size and time of the last change; None if there is no such file."""
    from _traceback import file_state

    return file_state(fullname)


def _places(filename):
    yield filename
    if filename.startswith("/"):
        return
    import sys

    for directory in sys.path:
        if isinstance(directory, str):
            yield f"{directory}/{filename}"


def lazycache(filename, module_globals):
    """Notes that the module's loader can give the source; whether it can."""
    if filename in cache:
        return len(cache[filename]) == 1
    if _is_no_file(filename) or not module_globals or "__name__" not in module_globals:
        return False
    spec = module_globals.get("__spec__")
    name = getattr(spec, "name", None) or module_globals["__name__"]
    loader = getattr(spec, "loader", None) or module_globals.get("__loader__")
    get_source = getattr(loader, "get_source", None)
    if not name or not get_source:
        return False
    cache[filename] = (lambda: get_source(name),)
    return True

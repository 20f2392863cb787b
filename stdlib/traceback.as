"""Tracebacks as data and as text.

Which characters of a line carets stand under is found by `_traceback`, as for uncaught exceptions.
"""

import sys

import _traceback
import linecache

__all__ = [
    "extract_stack", "extract_tb", "format_exception", "format_exception_only", "format_list", "format_stack",
    "format_tb", "print_exc", "format_exc", "print_exception", "print_last", "print_stack", "print_tb", "clear_frames",
    "FrameSummary", "StackSummary", "TracebackException", "walk_stack", "walk_tb", "print_list",
]

BUILTIN_EXCEPTION_LIMIT = object()

# Equal frames in a row are counted from the fourth on.
_RECURSIVE_CUTOFF = 3

_cause_message = "\nThe above exception was the direct cause of the following exception:\n\n"
_context_message = "\nDuring handling of the above exception, another exception occurred:\n\n"


class _Sentinel:
    def __repr__(self):
        return "<implicit>"


_sentinel = _Sentinel()


# ----- The functions -----


def print_list(extracted_list, file=None):
    """Prints what extract_tb() or extract_stack() gave."""
    if file is None:
        file = sys.stderr
    for item in StackSummary.from_list(extracted_list).format():
        print(item, file=file, end="")


def format_list(extracted_list):
    """The same as a list of texts."""
    return StackSummary.from_list(extracted_list).format()


def print_tb(tb, limit=None, file=None):
    """Prints the frames of a traceback."""
    print_list(extract_tb(tb, limit=limit), file=file)


def format_tb(tb, limit=None):
    """The same as a list of texts."""
    return extract_tb(tb, limit=limit).format()


def extract_tb(tb, limit=None):
    """The frames of a traceback as a StackSummary."""
    return StackSummary._extract_from_extended_frame_gen(_walk_tb_with_full_positions(tb), limit=limit)


def _parse_value_tb(exc, value, tb):
    if (value is _sentinel) != (tb is _sentinel):
        raise ValueError("Both or neither of value and tb must be given")
    if value is not _sentinel:
        return value, tb
    if exc is None:
        return None, None
    if isinstance(exc, BaseException):
        return exc, exc.__traceback__
    raise TypeError(f"Exception expected for value, {type(exc).__name__} found")


def print_exception(exc, /, value=_sentinel, tb=_sentinel, limit=None, file=None, chain=True, **kwargs):
    """Prints an exception with its traceback and those that led to it."""
    value, tb = _parse_value_tb(exc, value, tb)
    TracebackException(type(value), value, tb, limit=limit, compact=True).print(file=file, chain=chain)


def format_exception(exc, /, value=_sentinel, tb=_sentinel, limit=None, chain=True, **kwargs):
    """The same as a list of texts."""
    value, tb = _parse_value_tb(exc, value, tb)
    return list(TracebackException(type(value), value, tb, limit=limit, compact=True).format(chain=chain))


def format_exception_only(exc, /, value=_sentinel, *, show_group=False, **kwargs):
    """The lines that say what it was, without the traceback."""
    if value is _sentinel:
        value = exc
    return list(TracebackException(type(value), value, None, compact=True).format_exception_only(show_group=show_group))


def print_exc(limit=None, file=None, chain=True):
    """Prints the exception that is being handled."""
    print_exception(sys.exception(), limit=limit, file=file, chain=chain)


def format_exc(limit=None, chain=True):
    """The same as one text."""
    return "".join(format_exception(sys.exception(), limit=limit, chain=chain))


def print_last(limit=None, file=None, chain=True):
    """Prints the exception that ended the last line of the prompt."""
    if not hasattr(sys, "last_exc") and not hasattr(sys, "last_type"):
        raise ValueError("no last exception")
    if hasattr(sys, "last_exc"):
        print_exception(sys.last_exc, limit=limit, file=file, chain=chain)
    else:
        print_exception(sys.last_type, sys.last_value, sys.last_traceback, limit=limit, file=file, chain=chain)


def _caller():
    # Frames of the library are not seen.
    return sys._getframe(0)


def print_stack(f=None, limit=None, file=None):
    """Prints where the caller is."""
    print_list(extract_stack(_caller() if f is None else f, limit=limit), file=file)


def format_stack(f=None, limit=None):
    """The same as a list of texts."""
    return format_list(extract_stack(_caller() if f is None else f, limit=limit))


def extract_stack(f=None, limit=None):
    """The frames from the outermost to the caller as a StackSummary."""
    stack = StackSummary.extract(walk_stack(_caller() if f is None else f), limit=limit)
    stack.reverse()
    return stack


def clear_frames(tb):
    """Clears the local variables of all frames of a traceback."""
    while tb is not None:
        try:
            tb.tb_frame.clear()
        except RuntimeError:
            # It is still running.
            pass
        tb = tb.tb_next


def walk_stack(f):
    """Frames and their lines, from a frame outwards."""
    if f is None:
        f = _caller()
    while f is not None:
        yield f, f.f_lineno
        f = f.f_back


def walk_tb(tb):
    """Frames and their lines, from the outermost to where it was raised."""
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def _walk_tb_with_full_positions(tb):
    """The same with the place of the expression: (frame, (line, end line, column, end column), kind of expression)."""
    while tb is not None:
        code = tb.tb_frame.f_code
        positions = _get_code_position(code, tb.tb_lasti)
        # A line that a script set has no columns.
        if positions[0] is None or positions[0] != tb.tb_lineno:
            positions = (tb.tb_lineno, None, None, None)
        yield tb.tb_frame, positions, _traceback.node(code, tb.tb_lasti)
        tb = tb.tb_next


def _get_code_position(code, instruction_index):
    if instruction_index < 0:
        return (None, None, None, None)
    for at, positions in enumerate(code.co_positions()):
        if at == instruction_index // 2:
            return positions
    return (None, None, None, None)


# ----- Frames -----


class FrameSummary:
    """A frame of a stack: file, line, function, and the text of the line once somebody asks."""

    __slots__ = (
        "filename", "lineno", "end_lineno", "colno", "end_colno", "name", "_lines", "_lines_dedented", "locals", "_node",
    )

    def __init__(
        self, filename, lineno, name, *, lookup_line=True, locals=None, line=None, end_lineno=None, colno=None,
        end_colno=None, _node=0,
    ):
        self.filename = filename
        self.lineno = lineno
        self.end_lineno = lineno if end_lineno is None else end_lineno
        self.colno = colno
        self.end_colno = end_colno
        self.name = name
        self._lines = line
        self._lines_dedented = None
        self._node = _node
        if lookup_line:
            self.line
        self.locals = None if locals is None else {key: _safe_string(value, "local", func=repr) for key, value in locals.items()}

    def __eq__(self, other):
        if isinstance(other, FrameSummary):
            return (
                self.filename == other.filename
                and self.lineno == other.lineno
                and self.name == other.name
                and self.locals == other.locals
            )
        if isinstance(other, tuple):
            return (self.filename, self.lineno, self.name, self.line) == other
        return NotImplemented

    def __getitem__(self, pos):
        return (self.filename, self.lineno, self.name, self.line)[pos]

    def __iter__(self):
        return iter([self.filename, self.lineno, self.name, self.line])

    def __repr__(self):
        return f"<FrameSummary file {self.filename}, line {self.lineno} in {self.name}>"

    def __len__(self):
        return 4

    def _set_lines(self):
        if self._lines is None and self.lineno is not None and self.end_lineno is not None:
            lines = [linecache.getline(self.filename, line).rstrip() for line in range(self.lineno, self.end_lineno + 1)]
            self._lines = "\n".join(lines) + "\n" if lines else ""

    @property
    def _original_lines(self):
        self._set_lines()
        return self._lines

    @property
    def _dedented_lines(self):
        self._set_lines()
        if self._lines_dedented is None and self._lines is not None:
            self._lines_dedented = _dedent(self._lines)
        return self._lines_dedented

    @property
    def line(self):
        self._set_lines()
        if self._lines is None:
            return None
        return self._lines.partition("\n")[0].strip()


def _dedent(text):
    lines = text.split("\n")
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    n = min(indents, default=0)
    return "\n".join(line[n:] if line.strip() else "" for line in lines)


class StackSummary(list):
    """A list of FrameSummary."""

    @classmethod
    def extract(klass, frame_gen, *, limit=None, lookup_lines=True, capture_locals=False):
        """Of pairs (frame, line), as walk_stack() and walk_tb() give them."""

        def extended():
            for frame, lineno in frame_gen:
                yield frame, (lineno, None, None, None), 0

        return klass._extract_from_extended_frame_gen(
            extended(), limit=limit, lookup_lines=lookup_lines, capture_locals=capture_locals
        )

    @classmethod
    def _extract_from_extended_frame_gen(klass, frame_gen, *, limit=None, lookup_lines=True, capture_locals=False):
        if limit is None:
            limit = getattr(sys, "tracebacklimit", None)
            if limit is not None and limit < 0:
                limit = 0
        if limit is not None:
            if limit >= 0:
                from itertools import islice

                frame_gen = islice(frame_gen, limit)
            else:
                from _collections import deque

                frame_gen = deque(frame_gen, maxlen=-limit)
        result = klass()
        filenames = set()
        for frame, (lineno, end_lineno, colno, end_colno), node in frame_gen:
            code = frame.f_code
            filename = code.co_filename
            filenames.add(filename)
            linecache.lazycache(filename, frame.f_globals)
            _remember_source(filename, code)
            summary = FrameSummary(
                filename,
                lineno,
                code.co_name,
                lookup_line=False,
                locals=frame.f_locals if capture_locals else None,
                end_lineno=end_lineno,
                colno=colno,
                end_colno=end_colno,
                _node=node,
            )
            result.append(summary)
        for filename in filenames:
            linecache.checkcache(filename)
        if lookup_lines:
            for summary in result:
                summary.line
        return result

    @classmethod
    def from_list(klass, a_list):
        """Of FrameSummary objects or tuples (file, line, function, text)."""
        result = StackSummary()
        for frame in a_list:
            if isinstance(frame, FrameSummary):
                result.append(frame)
            else:
                filename, lineno, name, line = frame
                result.append(FrameSummary(filename, lineno, name, line=line))
        return result

    def format_frame_summary(self, frame_summary, **kwargs):
        """The text of one frame; None leaves it out."""
        filename = frame_summary.filename
        if frame_summary.filename.startswith("<stdin>-"):
            filename = "<stdin>"
        row = [f'  File "{filename}", line {frame_summary.lineno}, in {frame_summary.name}\n']
        text = frame_summary._dedented_lines
        if text and text.strip():
            row.extend(line + "\n" for line in _excerpt(frame_summary))
        if frame_summary.locals:
            row.extend(f"    {name} = {value}\n" for name, value in sorted(frame_summary.locals.items()))
        return "".join(row)

    def format(self, **kwargs):
        """A text per frame; equal ones in a row are counted."""
        result = []
        last = None
        count = 0
        for summary in self:
            formatted = self.format_frame_summary(summary)
            if formatted is None:
                continue
            place = (summary.filename, summary.lineno, summary.name)
            if last is None or None in last or place != last:
                result.extend(_repeated(count))
                last = place
                count = 0
            count += 1
            if count <= _RECURSIVE_CUTOFF:
                result.append(formatted)
        result.extend(_repeated(count))
        return result


def _repeated(count):
    if count > _RECURSIVE_CUTOFF:
        count -= _RECURSIVE_CUTOFF
        yield f"  [Previous line repeated {count} more time{'s' if count > 1 else ''}]\n"


def _excerpt(summary):
    """The lines of the expression, indented, with carets."""
    lines = summary._original_lines
    n_lines = (summary.end_lineno or 0) - (summary.lineno or 0) + 1
    colno, end_colno = summary.colno, summary.end_colno
    if colno is None or end_colno is None or lines.rstrip("\n").count("\n") + 1 != n_lines:
        return ["    " + summary._dedented_lines.partition("\n")[0].strip()]
    return _traceback.excerpt(lines, 1, n_lines, colno, end_colno, summary._node)


def _remember_source(filename, code):
    """The text of what is in no file: that of `-c` and of the prompt."""
    if filename not in linecache.cache and filename.startswith("<"):
        source = _traceback.source(code)
        if source is not None:
            linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)


def _safe_string(value, what, func=str):
    try:
        return func(value)
    except:
        return f"<{what} {func.__name__}() failed>"


# ----- Exceptions -----


class _ExceptionPrintContext:
    """Where in a tree of groups a text is."""

    def __init__(self):
        self.seen = set()
        self.exception_group_depth = 0
        self.need_close = False

    def indent(self):
        return " " * (2 * self.exception_group_depth)

    def emit(self, text_gen, margin_char=None):
        """Puts the margin before each line."""
        if margin_char is None:
            margin_char = "|"
        prefix = self.indent()
        if self.exception_group_depth:
            prefix += margin_char + " "
        if isinstance(text_gen, str):
            yield _indented(text_gen, prefix)
        else:
            for text in text_gen:
                yield _indented(text, prefix)


def _indented(text, prefix):
    if not prefix:
        return text
    return "".join(prefix + line for line in text.splitlines(True))


class TracebackException:
    """What is needed to print an exception later, without holding on to it."""

    def __init__(
        self, exc_type, exc_value, exc_traceback, *, limit=None, lookup_lines=True, capture_locals=False, compact=False,
        max_group_width=15, max_group_depth=10, save_exc_type=True, _seen=None,
    ):
        is_top = _seen is None
        if is_top:
            _seen = set()
        _seen.add(id(exc_value))
        self.max_group_width = max_group_width
        self.max_group_depth = max_group_depth
        self.stack = StackSummary._extract_from_extended_frame_gen(
            _walk_tb_with_full_positions(exc_traceback),
            limit=limit,
            lookup_lines=lookup_lines,
            capture_locals=capture_locals,
        )
        self._exc_type = exc_type if save_exc_type else None
        self._str = _safe_string(exc_value, "exception")
        try:
            self.__notes__ = getattr(exc_value, "__notes__", None)
        except Exception as e:
            self.__notes__ = [f"Ignored error getting __notes__: {_safe_string(e, '__notes__', repr)}"]
        self._is_syntax_error = False
        self._have_exc_type = exc_type is not None
        if exc_type is None:
            self.exc_type_qualname = None
            self.exc_type_module = None
        else:
            self.exc_type_qualname = exc_type.__qualname__
            self.exc_type_module = exc_type.__module__
        if exc_type and issubclass(exc_type, SyntaxError):
            self._take_syntax_error(exc_value)
        elif isinstance(exc_value, (NameError, AttributeError, ImportError)):
            self._str += _traceback.suggestion(exc_value)
        self.__suppress_context__ = exc_value.__suppress_context__ if exc_value is not None else False
        self.__cause__ = self.__context__ = None
        self.exceptions = None
        if is_top:
            self._take_others(
                exc_value, limit, lookup_lines, capture_locals, compact, max_group_width, max_group_depth, _seen
            )

    def _take_syntax_error(self, exc_value):
        self.filename = exc_value.filename
        lno = exc_value.lineno
        self.lineno = str(lno) if lno is not None else None
        end_lno = exc_value.end_lineno
        self.end_lineno = str(end_lno) if end_lno is not None else None
        self.text = exc_value.text
        self.offset = exc_value.offset
        self.end_offset = exc_value.end_offset
        self.msg = exc_value.msg
        self._is_syntax_error = True

    def _take_others(
        self, exc_value, limit, lookup_lines, capture_locals, compact, max_group_width, max_group_depth, _seen
    ):
        """Causes, contexts and members of groups, without recursion: chains may be long."""

        def taken(exc):
            return TracebackException(
                type(exc),
                exc,
                exc.__traceback__,
                limit=limit,
                lookup_lines=lookup_lines,
                capture_locals=capture_locals,
                max_group_width=max_group_width,
                max_group_depth=max_group_depth,
                _seen=_seen,
            )

        queue = [(self, exc_value)]
        while queue:
            te, e = queue.pop()
            if e is None:
                continue
            if e.__cause__ is not None and id(e.__cause__) not in _seen:
                te.__cause__ = taken(e.__cause__)
                queue.append((te.__cause__, e.__cause__))
            needs_context = not compact or (te.__cause__ is None and not e.__suppress_context__)
            if e.__context__ is not None and needs_context and id(e.__context__) not in _seen:
                te.__context__ = taken(e.__context__)
                queue.append((te.__context__, e.__context__))
            if isinstance(e, BaseExceptionGroup):
                te.exceptions = [taken(exc) for exc in e.exceptions]
                queue.extend(zip(te.exceptions, e.exceptions))

    @classmethod
    def from_exception(cls, exc, *args, **kwargs):
        """Of an exception."""
        return cls(type(exc), exc, exc.__traceback__, *args, **kwargs)

    @property
    def exc_type(self):
        import warnings

        warnings.warn("Deprecated in 3.13. Use exc_type_str instead.", DeprecationWarning, stacklevel=1)
        return self._exc_type

    @property
    def exc_type_str(self):
        """The name of the class, with its module unless that goes without saying."""
        if not self._have_exc_type:
            return None
        module = self.exc_type_module
        if module in ("__main__", "builtins"):
            return self.exc_type_qualname
        if not isinstance(module, str):
            module = "<unknown>"
        return module + "." + self.exc_type_qualname

    def __eq__(self, other):
        if isinstance(other, TracebackException):
            return self.__dict__ == other.__dict__
        return NotImplemented

    def __str__(self):
        return self._str

    def format_exception_only(self, *, show_group=False, _depth=0, **kwargs):
        """The lines that say what it was."""
        indent = 3 * _depth * " "
        if not self._have_exc_type:
            yield indent + _final_line(None, self._str)
            return
        if self._is_syntax_error:
            for line in self._format_syntax_error(self.exc_type_str):
                yield indent + line
        elif _depth > 0:
            for line in _final_line(self.exc_type_str, self._str).split("\n"):
                if line:
                    yield indent + line + "\n"
        else:
            yield _final_line(self.exc_type_str, self._str)
        yield from self._format_notes(indent)
        if self.exceptions and show_group:
            for exception in self.exceptions:
                yield from exception.format_exception_only(show_group=show_group, _depth=_depth + 1)

    def _format_notes(self, indent):
        notes = self.__notes__
        if notes is None:
            return
        from collections.abc import Sequence

        if isinstance(notes, Sequence) and not isinstance(notes, (str, bytes)):
            for note in notes:
                for line in _safe_string(note, "note").split("\n"):
                    yield indent + line + "\n"
        else:
            yield indent + _safe_string(notes, "__notes__", func=repr) + "\n"

    def _format_syntax_error(self, stype, **kwargs):
        suffix = ""
        if self.lineno is not None:
            yield f'  File "{self.filename or "<string>"}", line {self.lineno}\n'
        elif self.filename is not None:
            suffix = f" ({self.filename})"
        text = self.text
        if isinstance(text, str):
            # Text and offset as they were, then without the indentation.
            rtext = text.rstrip("\n")
            ltext = rtext.lstrip(" \n\f")
            spaces = len(rtext) - len(ltext)
            if self.offset is None:
                yield f"    {ltext}\n"
            elif isinstance(self.lineno, str):
                yield f"    {ltext}\n"
                caret = _syntax_carets(self, rtext, ltext, spaces)
                if caret:
                    yield caret
        msg = self.msg or "<no detail available>"
        yield f"{stype}: {msg}{suffix}\n"

    def format(self, *, chain=True, _ctx=None, **kwargs):
        """All lines, from the exception that came first."""
        if _ctx is None:
            _ctx = _ExceptionPrintContext()
        output = []
        exc = self
        while exc:
            cause = context = None
            if chain:
                if exc.__cause__ is not None:
                    message, cause = _cause_message, exc.__cause__
                elif exc.__context__ is not None and not exc.__suppress_context__:
                    message, cause = _context_message, exc.__context__
            output.append((message if cause is not None else None, exc))
            exc = cause
        for message, exc in reversed(output):
            if message is not None:
                yield from _ctx.emit(message)
            if exc.exceptions is None:
                if exc.stack:
                    yield from _ctx.emit("Traceback (most recent call last):\n")
                    yield from _ctx.emit(exc.stack.format())
                yield from _ctx.emit(exc.format_exception_only())
            elif _ctx.exception_group_depth > self.max_group_depth:
                yield from _ctx.emit(f"... (max_group_depth is {self.max_group_depth})\n")
            else:
                yield from exc._format_group(_ctx)

    def _format_group(self, ctx):
        is_top = ctx.exception_group_depth == 0
        if is_top:
            ctx.exception_group_depth += 1
        if self.stack:
            yield from ctx.emit(
                "Exception Group Traceback (most recent call last):\n", margin_char="+" if is_top else None
            )
            yield from ctx.emit(self.stack.format())
        yield from ctx.emit(self.format_exception_only())
        n = len(self.exceptions)
        n_shown = n if n <= self.max_group_width else self.max_group_width + 1
        ctx.need_close = False
        for i in range(n_shown):
            is_last = i == n_shown - 1
            if is_last:
                ctx.need_close = True
            is_truncated = i >= self.max_group_width
            title = "..." if is_truncated else f"{i + 1}"
            yield f"{ctx.indent()}{'+-' if i == 0 else '  '}+---------------- {title} ----------------\n"
            ctx.exception_group_depth += 1
            if is_truncated:
                more = n - self.max_group_width
                yield from ctx.emit(f"and {more} more exception{'s' if more > 1 else ''}\n")
            else:
                yield from self.exceptions[i].format(chain=True, _ctx=ctx)
            if is_last and ctx.need_close:
                yield f"{ctx.indent()}+------------------------------------\n"
                ctx.need_close = False
            ctx.exception_group_depth -= 1
        if is_top:
            ctx.exception_group_depth = 0

    def print(self, *, file=None, chain=True, **kwargs):
        """Prints it."""
        if file is None:
            file = sys.stderr
        for line in self.format(chain=chain):
            print(line, file=file, end="")


def _final_line(etype, value):
    text = _safe_string(value, "exception")
    if value is None or not text:
        return f"{etype}\n"
    return f"{etype}: {text}\n"


def _syntax_carets(error, rtext, ltext, spaces):
    offset = error.offset
    if error.lineno == error.end_lineno:
        end_offset = error.end_offset if error.end_offset not in (None, 0) else offset
    else:
        end_offset = len(rtext) + 1
    if error.text and offset > len(error.text):
        offset = len(error.text)
    if error.text and end_offset > len(error.text) + 1:
        end_offset = len(error.text) + 1
    if offset >= end_offset or end_offset < 0:
        end_offset = offset + 1
    start = offset - 1 - spaces
    end = end_offset - 1 - spaces
    if start < 0:
        return None
    blank = "".join(char if char.isspace() else " " for char in ltext[:start])
    return f"    {blank}{'^' * (end - start)}\n"

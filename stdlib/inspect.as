"""What can be known of live objects: kinds, members, signatures, sources, frames, states of coroutines."""

import functools
import sys
import types

import _collections_abc
import linecache

CO_OPTIMIZED = 1
CO_NEWLOCALS = 2
CO_VARARGS = 4
CO_VARKEYWORDS = 8
CO_NESTED = 16
CO_GENERATOR = 32
CO_NOFREE = 64
CO_COROUTINE = 128
CO_ITERABLE_COROUTINE = 256
CO_ASYNC_GENERATOR = 512
TPFLAGS_IS_ABSTRACT = 1 << 20

__all__ = [
    "AGEN_CLOSED", "AGEN_CREATED", "AGEN_RUNNING", "AGEN_SUSPENDED", "ArgInfo", "Arguments", "Attribute",
    "BoundArguments", "CORO_CLOSED", "CORO_CREATED", "CORO_RUNNING", "CORO_SUSPENDED", "CO_ASYNC_GENERATOR",
    "CO_COROUTINE", "CO_GENERATOR", "CO_ITERABLE_COROUTINE", "CO_NESTED", "CO_NEWLOCALS", "CO_NOFREE", "CO_OPTIMIZED",
    "CO_VARARGS", "CO_VARKEYWORDS", "ClosureVars", "FrameInfo", "FullArgSpec", "GEN_CLOSED", "GEN_CREATED",
    "GEN_RUNNING", "GEN_SUSPENDED", "Parameter", "Signature", "TPFLAGS_IS_ABSTRACT", "Traceback",
    "classify_class_attrs", "cleandoc", "currentframe", "findsource", "formatannotation", "formatannotationrelativeto",
    "formatargvalues", "get_annotations", "getabsfile", "getargs", "getargvalues", "getasyncgenlocals",
    "getasyncgenstate", "getattr_static", "getblock", "getcallargs", "getclasstree", "getclosurevars", "getcomments",
    "getcoroutinelocals", "getcoroutinestate", "getdoc", "getfile", "getframeinfo", "getfullargspec",
    "getgeneratorlocals", "getgeneratorstate", "getinnerframes", "getlineno", "getmembers", "getmembers_static",
    "getmodule", "getmodulename", "getmro", "getouterframes", "getsource", "getsourcefile", "getsourcelines",
    "indentsize", "isabstract", "isasyncgen", "isasyncgenfunction", "isawaitable", "isbuiltin", "isclass", "iscode",
    "iscoroutine", "iscoroutinefunction", "isdatadescriptor", "isframe", "isfunction", "isgenerator",
    "isgeneratorfunction", "isgetsetdescriptor", "ismemberdescriptor", "ismethod", "ismethoddescriptor",
    "ismethodwrapper", "ismodule", "isroutine", "istraceback", "markcoroutinefunction", "signature", "stack", "trace",
    "unwrap", "walktree",
]

_tuples = {
    "ArgInfo": "args varargs keywords locals",
    "Arguments": "args varargs varkw",
    "Attribute": "name kind defining_class object",
    "ClosureVars": "nonlocals globals builtins unbound",
    "FullArgSpec": "args varargs varkw defaults kwonlyargs kwonlydefaults annotations",
    "_Traceback": "filename lineno function code_context index",
    "_FrameInfo": "frame filename lineno function code_context index",
    "Positions": "lineno end_lineno col_offset end_col_offset",
}


def __getattr__(name):
    """The named tuples are made when they are first needed: `collections` is not imported for the rest."""
    own = sys.modules[__name__].__dict__
    if name in _tuples:
        from collections import namedtuple

        made = namedtuple(name, _tuples[name], module="inspect")
    elif name in ("Traceback", "FrameInfo"):
        made = _with_positions(name, _get("_" + name))
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    own[name] = made
    return made


def _get(name):
    own = sys.modules[__name__].__dict__
    return own[name] if name in own else __getattr__(name)


def _with_positions(name, base):
    """A named tuple that has `positions` besides."""

    def __new__(cls, *args, positions=None):
        self = base.__new__(cls, *args)
        self.positions = positions
        return self

    def __repr__(self):
        shown = [f"{field}={getattr(self, field)!r}" for field in base._fields]
        return f"{name}({', '.join(shown)}, positions={self.positions!r})"

    return type(name, (base,), {"__new__": __new__, "__repr__": __repr__, "__module__": "inspect", "__qualname__": name})


# ----- Kinds -----


def ismodule(object):
    return isinstance(object, types.ModuleType)


def isclass(object):
    return isinstance(object, type)


def ismethod(object):
    return isinstance(object, types.MethodType)


def ismethoddescriptor(object):
    """Has `__get__` and neither `__set__` nor `__delete__`, and is no method, function or class."""
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    tp = type(object)
    return hasattr(tp, "__get__") and not hasattr(tp, "__set__") and not hasattr(tp, "__delete__")


def isdatadescriptor(object):
    """Has `__set__` or `__delete__`."""
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    tp = type(object)
    return hasattr(tp, "__set__") or hasattr(tp, "__delete__")


def ismemberdescriptor(object):
    return isinstance(object, types.MemberDescriptorType)


def isgetsetdescriptor(object):
    return isinstance(object, types.GetSetDescriptorType)


def isfunction(object):
    return isinstance(object, types.FunctionType)


def _has_code_flag(f, flag):
    f = functools._unwrap_partialmethod(f)
    while ismethod(f):
        f = f.__func__
    f = functools._unwrap_partial(f)
    if not (isfunction(f) or _is_functionlike(f)):
        return False
    return bool(f.__code__.co_flags & flag)


def isgeneratorfunction(obj):
    return _has_code_flag(obj, CO_GENERATOR)


_is_coroutine_mark = object()


def _has_coroutine_mark(f):
    while ismethod(f):
        f = f.__func__
    f = functools._unwrap_partial(f)
    return getattr(f, "_is_coroutine_marker", None) is _is_coroutine_mark


def markcoroutinefunction(func):
    """Makes iscoroutinefunction() say yes of a function that returns a coroutine."""
    if hasattr(func, "__func__"):
        func = func.__func__
    func._is_coroutine_marker = _is_coroutine_mark
    return func


def iscoroutinefunction(obj):
    return _has_code_flag(obj, CO_COROUTINE) or _has_coroutine_mark(obj)


def isasyncgenfunction(obj):
    return _has_code_flag(obj, CO_ASYNC_GENERATOR)


def isasyncgen(object):
    return isinstance(object, types.AsyncGeneratorType)


def isgenerator(object):
    return isinstance(object, types.GeneratorType)


def iscoroutine(object):
    return isinstance(object, types.CoroutineType)


def isawaitable(object):
    """Whether `await` takes it."""
    return (
        isinstance(object, types.CoroutineType)
        or isinstance(object, types.GeneratorType)
        and bool(object.gi_code.co_flags & CO_ITERABLE_COROUTINE)
        or isinstance(object, _collections_abc.Awaitable)
    )


def istraceback(object):
    return isinstance(object, types.TracebackType)


def isframe(object):
    return isinstance(object, types.FrameType)


def iscode(object):
    return isinstance(object, types.CodeType)


def isbuiltin(object):
    return isinstance(object, types.BuiltinFunctionType)


def ismethodwrapper(object):
    return isinstance(object, types.MethodWrapperType)


def isroutine(object):
    """Any kind of function or method."""
    return (
        isbuiltin(object)
        or isfunction(object)
        or ismethod(object)
        or ismethoddescriptor(object)
        or ismethodwrapper(object)
    )


def isabstract(object):
    """Whether a class has abstract methods."""
    return isinstance(object, type) and bool(object.__flags__ & TPFLAGS_IS_ABSTRACT)


# ----- Members -----


def _getmembers(object, predicate, getter):
    results = []
    processed = set()
    names = dir(object)
    mro = getmro(object) if isclass(object) else ()
    # Attributes that dir() does not tell: DynamicClassAttributes of the bases.
    if isclass(object):
        for base in object.__bases__:
            for key, value in base.__dict__.items():
                if isinstance(value, types.DynamicClassAttribute):
                    names.append(key)
    for key in names:
        try:
            value = getter(object, key)
            if key in processed:
                raise AttributeError
        except AttributeError:
            for base in mro:
                if key in base.__dict__:
                    value = base.__dict__[key]
                    break
            else:
                continue
        if not predicate or predicate(value):
            results.append((key, value))
        processed.add(key)
    results.sort(key=lambda pair: pair[0])
    return results


def getmembers(object, predicate=None):
    """Pairs of names and values, sorted."""
    return _getmembers(object, predicate, getattr)


def getmembers_static(object, predicate=None):
    """The same without running descriptors."""
    return _getmembers(object, predicate, getattr_static)


def classify_class_attrs(cls):
    """Attributes as tuples (name, kind, class, object)."""
    Attribute = _get("Attribute")
    mro = getmro(cls)
    metamro = tuple(base for base in getmro(type(cls)) if base not in (type, object))
    class_bases = (cls,) + mro
    all_bases = class_bases + metamro
    names = dir(cls)
    for base in mro:
        for key, value in base.__dict__.items():
            if isinstance(value, types.DynamicClassAttribute) and value.fget is not None:
                names.append(key)
    result = []
    processed = set()
    for name in names:
        homecls = get_obj = dict_obj = None
        if name not in processed:
            try:
                if name == "__dict__":
                    raise Exception("__dict__ is special, don't want the proxy")
                get_obj = getattr(cls, name)
            except Exception:
                pass
            else:
                homecls = getattr(get_obj, "__objclass__", homecls)
                if homecls not in class_bases:
                    homecls = None
                    last_cls = None
                    for srch_cls in class_bases:
                        if getattr(srch_cls, name, None) is get_obj:
                            last_cls = srch_cls
                    for srch_cls in metamro:
                        try:
                            srch_obj = srch_cls.__getattr__(cls, name)
                        except AttributeError:
                            continue
                        if srch_obj is get_obj:
                            last_cls = srch_cls
                    if last_cls is not None:
                        homecls = last_cls
        for base in all_bases:
            if name in base.__dict__:
                dict_obj = base.__dict__[name]
                if homecls not in metamro:
                    homecls = base
                break
        if homecls is None:
            continue
        obj = get_obj if get_obj is not None else dict_obj
        if isinstance(dict_obj, (staticmethod, types.BuiltinMethodType)):
            kind = "static method"
            obj = dict_obj
        elif isinstance(dict_obj, (classmethod, types.ClassMethodDescriptorType)):
            kind = "class method"
            obj = dict_obj
        elif isinstance(dict_obj, property):
            kind = "property"
            obj = dict_obj
        elif isroutine(obj):
            kind = "method"
        else:
            kind = "data"
        result.append(Attribute(name, kind, homecls, obj))
        processed.add(name)
    return result


def getmro(cls):
    return cls.__mro__


def unwrap(func, *, stop=None):
    """What is behind all `__wrapped__`."""
    f = func
    memo = {id(f): f}
    limit = sys.getrecursionlimit()
    while not isinstance(func, type) and hasattr(func, "__wrapped__"):
        if stop is not None and stop(func):
            break
        func = func.__wrapped__
        if id(func) in memo or len(memo) >= limit:
            raise ValueError(f"wrapper loop when unwrapping {f!r}")
        memo[id(func)] = func
    return func


# ----- Documentation -----


def indentsize(line):
    """The number of columns before the text."""
    expanded = line.expandtabs()
    return len(expanded) - len(expanded.lstrip())


def _findclass(func):
    cls = sys.modules.get(func.__module__)
    if cls is None:
        return None
    for name in func.__qualname__.split(".")[:-1]:
        cls = getattr(cls, name)
    return cls if isclass(cls) else None


def _finddoc(obj):
    """The text of the same thing in a base class."""
    if isclass(obj):
        for base in obj.__mro__:
            if base is not object:
                doc = base.__dict__.get("__doc__")
                if doc is not None:
                    return doc
        return None
    if ismethod(obj):
        name = obj.__func__.__name__
        self = obj.__self__
        if isclass(self) and getattr(getattr(self, name, None), "__func__") is obj.__func__:
            cls = self
        else:
            cls = self.__class__
    elif isfunction(obj):
        name = obj.__name__
        cls = _findclass(obj)
        if cls is None or getattr(cls, name) is not obj:
            return None
    elif isbuiltin(obj):
        name = obj.__name__
        self = obj.__self__
        if isclass(self) and self.__qualname__ + "." + name == obj.__qualname__:
            cls = self
        else:
            cls = self.__class__
    elif isinstance(obj, property):
        name = obj.__name__
        cls = _findclass(obj.fget)
        if cls is None or getattr(cls, name) is not obj:
            return None
    elif isinstance(obj, functools.cached_property):
        name = obj.attrname
        cls = _findclass(obj.func)
        if cls is None or getattr(cls, name) is not obj:
            return None
    elif ismethoddescriptor(obj) or isdatadescriptor(obj):
        name = obj.__name__
        cls = obj.__objclass__
        if getattr(cls, name) is not obj:
            return None
    else:
        return None
    for base in cls.__mro__:
        try:
            doc = getattr(base, name).__doc__
        except AttributeError:
            continue
        if doc is not None:
            return doc
    return None


def getdoc(object):
    """The documentation, cleaned, or that of a base class."""
    try:
        doc = object.__doc__
    except AttributeError:
        return None
    if doc is None:
        try:
            doc = _finddoc(object)
        except (AttributeError, TypeError):
            return None
    return cleandoc(doc) if isinstance(doc, str) else None


def cleandoc(doc):
    """Text without the indentation that all lines but the first share."""
    lines = doc.expandtabs().split("\n")
    indents = [len(line) - len(line.lstrip(" ")) for line in lines[1:] if line.strip(" ")]
    margin = min(indents, default=0)
    lines = [lines[0].lstrip(" "), *(line[margin:] for line in lines[1:])]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines)


# ----- Sources -----


def getfile(object):
    """The file that something was defined in."""
    if ismodule(object):
        if getattr(object, "__file__", None):
            return object.__file__
        raise TypeError(f"{object!r} is a built-in module")
    if isclass(object):
        if hasattr(object, "__module__"):
            module = sys.modules.get(object.__module__)
            if getattr(module, "__file__", None):
                return module.__file__
            if object.__module__ == "__main__":
                raise OSError("source code not available")
        raise TypeError(f"{object!r} is a built-in class")
    if ismethod(object):
        object = object.__func__
    if isfunction(object):
        object = object.__code__
    if istraceback(object):
        object = object.tb_frame
    if isframe(object):
        object = object.f_code
    if iscode(object):
        return object.co_filename
    raise TypeError(
        "module, class, method, function, traceback, frame, or "
        f"code object was expected, got {type(object).__name__}"
    )


def getmodulename(path):
    """The name of the module in a file, or None."""
    fname = path.rpartition("/")[2]
    for suffix in (".as", ".py"):
        if fname.endswith(suffix):
            return fname[: -len(suffix)]
    return None


def getsourcefile(object):
    """The file with the source, or None."""
    filename = getfile(object)
    if filename in linecache.cache or linecache.getlines(filename):
        return filename
    code = object
    while hasattr(code, "__code__"):
        code = code.__code__
    return None


def getabsfile(object, _filename=None):
    """The same with its whole path."""
    if _filename is None:
        _filename = getsourcefile(object) or getfile(object)
    if _filename.startswith("/") or _filename.startswith("<"):
        return _filename
    import os

    return os.path.normcase(os.path.abspath(_filename))


def getmodule(object, _filename=None):
    """The module that something was defined in, or None."""
    if ismodule(object):
        return object
    if hasattr(object, "__module__"):
        return sys.modules.get(object.__module__)
    try:
        file = getfile(object) if _filename is None else _filename
    except (TypeError, FileNotFoundError):
        return None
    for module in list(sys.modules.values()):
        if ismodule(module) and getattr(module, "__file__", None) == file:
            return module
    main = sys.modules.get("__main__")
    if not hasattr(object, "__name__"):
        return None
    if hasattr(main, object.__name__) and getattr(main, object.__name__) is object:
        return main
    import builtins

    if getattr(builtins, object.__name__, None) is object:
        return builtins
    return None


def findsource(object):
    """All lines of the file, and the number of the line (from 0) where the object begins."""
    file = getsourcefile(object)
    if not file:
        file = getfile(object)
        if not (file.startswith("<") and file.endswith(">")):
            raise OSError("source code not available")
    module = getmodule(object, file)
    lines = linecache.getlines(file, module.__dict__) if module else linecache.getlines(file)
    if not lines:
        raise OSError("could not get source code")
    if ismodule(object):
        return lines, 0
    if isclass(object):
        try:
            lnum = vars(object)["__firstlineno__"] - 1
        except (TypeError, KeyError):
            raise OSError("source code not available") from None
        if lnum >= len(lines):
            raise OSError("lineno is out of bounds")
        return lines, lnum
    if ismethod(object):
        object = object.__func__
    if isfunction(object):
        object = object.__code__
    if istraceback(object):
        object = object.tb_frame
    if isframe(object):
        object = object.f_code
    if iscode(object):
        lnum = object.co_firstlineno - 1
        if lnum >= len(lines):
            raise OSError("lineno is out of bounds")
        return lines, lnum
    raise OSError("could not find code object")


def getcomments(object):
    """The comment lines right above, or None."""
    try:
        lines, lnum = findsource(object)
    except (OSError, TypeError):
        return None
    if ismodule(object):
        start = 1 if lines and lines[0][:2] == "#!" else 0
        while start < len(lines) and lines[start].strip() in ("", "#"):
            start += 1
        end = start
        while end < len(lines) and lines[end].startswith("#"):
            end += 1
        return "".join(line.expandtabs() for line in lines[start:end]) or None
    indent = indentsize(lines[lnum])
    start = lnum
    while start > 0 and lines[start - 1].lstrip().startswith("#") and indentsize(lines[start - 1]) == indent:
        start -= 1
    if start == lnum:
        return None
    return "".join(line.expandtabs().lstrip() for line in lines[start:lnum])


def _tokens_end(line, state):
    """Goes through a line: (quote of the string it ends in, depth of brackets, whether it goes on)."""
    quote, depth = state
    at = 0
    while at < len(line):
        char = line[at]
        if quote:
            if char == "\\":
                at += 1
            elif line.startswith(quote, at):
                at += len(quote) - 1
                quote = ""
        elif char == "#":
            break
        elif char in "'\"":
            quote = line[at : at + 3] if line.startswith(char * 3, at) else char
            at += len(quote) - 1
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        at += 1
    if quote and len(quote) == 1:
        quote = ""
    return quote, depth


def getblock(lines):
    """The lines of the block that begins at the first one: a definition with its decorators, or a statement with a lambda."""
    state = ("", 0)
    first = lines[0] if lines else ""
    margin = indentsize(first)
    is_body = has_header = False
    last = 0
    for number, line in enumerate(lines):
        is_inside = bool(state[0]) or state[1] > 0
        text = line.strip()
        if not is_inside:
            if is_body and text and not text.startswith("#") and indentsize(line) <= margin:
                break
            if text.startswith("#") and is_body and indentsize(line) <= margin:
                state = _tokens_end(line, state)
                continue
        state = _tokens_end(line, state)
        if text and not (text.startswith("#") and not is_inside and is_body and number > last + 1 and False):
            if not text.startswith("#") or is_inside or indentsize(line) > margin:
                last = number
        goes_on = bool(state[0]) or state[1] > 0 or line.rstrip("\n").endswith("\\")
        if not is_inside and not is_body:
            has_header = has_header or text.startswith(("def ", "class ", "async def "))
        if goes_on or is_body:
            continue
        if has_header:
            code = line.partition("#")[0].rstrip()
            if not code.endswith(":"):
                return lines[: number + 1]
            is_body = True
        elif not text.startswith("@"):
            return lines[: number + 1]
    return lines[: last + 1]


def getsourcelines(object):
    """The lines of the object, and the number of the first one."""
    object = unwrap(object)
    lines, lnum = findsource(object)
    if istraceback(object):
        object = object.tb_frame
    if ismodule(object) or (isframe(object) and object.f_code.co_name == "<module>"):
        return lines, 0
    return getblock(lines[lnum:]), lnum + 1


def getsource(object):
    """The text of the object."""
    return "".join(getsourcelines(object)[0])


# ----- Trees of classes -----


def walktree(classes, children, parent):
    results = []
    classes.sort(key=lambda cls: (cls.__module__, cls.__name__))
    for c in classes:
        results.append((c, c.__bases__))
        if c in children:
            results.append(walktree(children[c], children, c))
    return results


def getclasstree(classes, unique=False):
    """Classes as nested lists: behind a class those that inherit from it."""
    children = {}
    roots = []
    for c in classes:
        if c.__bases__:
            for parent in c.__bases__:
                known = children.setdefault(parent, [])
                if c not in known:
                    known.append(c)
                if unique and parent in classes:
                    break
        elif c not in roots:
            roots.append(c)
    roots.extend(parent for parent in children if parent not in classes)
    return walktree(roots, children, None)


# ----- Arguments -----


def getargs(co):
    """The parameters of a code object: Arguments(args, varargs, varkw)."""
    if not iscode(co):
        raise TypeError("{!r} is not a code object".format(co))
    names = co.co_varnames
    nargs = co.co_argcount
    nkwargs = co.co_kwonlyargcount
    args = list(names[:nargs])
    kwonlyargs = list(names[nargs : nargs + nkwargs])
    nargs += nkwargs
    varargs = varkw = None
    if co.co_flags & CO_VARARGS:
        varargs = names[nargs]
        nargs += 1
    if co.co_flags & CO_VARKEYWORDS:
        varkw = names[nargs]
    return _get("Arguments")(args + kwonlyargs, varargs, varkw)


def getfullargspec(func):
    """Parameters, defaults and annotations, as one named tuple."""
    try:
        sig = _signature_from_callable(func, follow_wrapper_chains=False, skip_bound_arg=False, eval_str=False)
    except Exception as ex:
        raise TypeError("unsupported callable") from ex
    args, posonly, kwonly = [], [], []
    varargs = varkw = None
    defaults = ()
    kwdefaults = {}
    annotations = {}
    if sig.return_annotation is not sig.empty:
        annotations["return"] = sig.return_annotation
    for param in sig.parameters.values():
        kind, name = param.kind, param.name
        if kind is _POSITIONAL_ONLY:
            posonly.append(name)
            if param.default is not param.empty:
                defaults += (param.default,)
        elif kind is _POSITIONAL_OR_KEYWORD:
            args.append(name)
            if param.default is not param.empty:
                defaults += (param.default,)
        elif kind is _VAR_POSITIONAL:
            varargs = name
        elif kind is _KEYWORD_ONLY:
            kwonly.append(name)
            if param.default is not param.empty:
                kwdefaults[name] = param.default
        elif kind is _VAR_KEYWORD:
            varkw = name
        if param.annotation is not param.empty:
            annotations[name] = param.annotation
    return _get("FullArgSpec")(
        posonly + args, varargs, varkw, defaults or None, kwonly, kwdefaults or None, annotations
    )


def getargvalues(frame):
    """The arguments of a frame: ArgInfo(args, varargs, keywords, locals)."""
    args, varargs, varkw = getargs(frame.f_code)
    return _get("ArgInfo")(args, varargs, varkw, frame.f_locals)


def formatannotation(annotation, base_module=None):
    """An annotation as it would be written."""
    if getattr(annotation, "__module__", None) == "typing":
        text = repr(annotation)
        # `typing.` before names only.
        return "".join(
            part.removeprefix("typing.") if number % 2 == 0 else part
            for number, part in enumerate(_split_words(text))
        )
    if isinstance(annotation, types.GenericAlias):
        return str(annotation)
    if isinstance(annotation, type):
        if annotation.__module__ in ("builtins", base_module):
            return annotation.__qualname__
        return annotation.__module__ + "." + annotation.__qualname__
    return repr(annotation)


def _split_words(text):
    """Dotted names at even places, what is between at odd ones."""
    parts = [""]
    for char in text:
        is_word = char.isalnum() or char in "._"
        if is_word != (len(parts) % 2 == 1):
            parts.append("")
        parts[-1] += char
    return parts


def formatannotationrelativeto(object):
    module = getattr(object, "__module__", None)
    return lambda annotation: formatannotation(annotation, module)


def formatargvalues(
    args,
    varargs,
    varkw,
    locals,
    formatarg=str,
    formatvarargs=lambda name: "*" + name,
    formatvarkw=lambda name: "**" + name,
    formatvalue=lambda value: "=" + repr(value),
):
    """The arguments of a frame as text."""
    specs = [formatarg(name) + formatvalue(locals[name]) for name in args]
    if varargs:
        specs.append(formatvarargs(varargs) + formatvalue(locals[varargs]))
    if varkw:
        specs.append(formatvarkw(varkw) + formatvalue(locals[varkw]))
    return "(" + ", ".join(specs) + ")"


def _missing_arguments(f_name, argnames, pos, values):
    names = [repr(name) for name in argnames if name not in values]
    missing = len(names)
    if missing == 1:
        s = names[0]
    elif missing == 2:
        s = "{} and {}".format(*names)
    else:
        tail = ", {} and {}".format(*names[-2:])
        s = ", ".join(names[:-2]) + tail
    kind = "positional" if pos else "keyword-only"
    raise TypeError(f"{f_name}() missing {missing} required {kind} argument{'' if missing == 1 else 's'}: {s}")


def _too_many(f_name, args, kwonly, varargs, defcount, given, values):
    atleast = len(args) - defcount
    kwonly_given = len([arg for arg in kwonly if arg in values])
    if varargs:
        plural = atleast != 1
        sig = f"at least {atleast}"
    elif defcount:
        plural = True
        sig = f"from {atleast} to {len(args)}"
    else:
        plural = len(args) != 1
        sig = str(len(args))
    kwonly_sig = ""
    if kwonly_given:
        kwonly_sig = (
            f" positional argument{'s' if given != 1 else ''} "
            f"(and {kwonly_given} keyword-only argument{'s' if kwonly_given != 1 else ''})"
        )
    verb = "was" if given == 1 and not kwonly_given else "were"
    raise TypeError(
        f"{f_name}() takes {sig} positional argument{'s' if plural else ''} but {given}{kwonly_sig} {verb} given"
    )


def getcallargs(func, /, *positional, **named):
    """Which parameter would get which value."""
    args, varargs, varkw, defaults, kwonlyargs, kwonlydefaults, ann = getfullargspec(func)
    f_name = func.__name__
    values = {}
    if ismethod(func) and func.__self__ is not None:
        positional = (func.__self__,) + positional
    n_given = len(positional)
    n_args = len(args)
    n_defaults = len(defaults) if defaults else 0
    for name, value in zip(args, positional):
        values[name] = value
    if varargs:
        values[varargs] = tuple(positional[n_args:])
    possible = set(args + kwonlyargs)
    if varkw:
        values[varkw] = {}
    for kw, value in named.items():
        if kw not in possible:
            if not varkw:
                raise TypeError("%s() got an unexpected keyword argument %r" % (f_name, kw))
            values[varkw][kw] = value
            continue
        if kw in values:
            raise TypeError("%s() got multiple values for argument %r" % (f_name, kw))
        values[kw] = value
    if n_given > n_args and not varargs:
        _too_many(f_name, args, kwonlyargs, varargs, n_defaults, n_given, values)
    if n_given < n_args:
        required = args[: n_args - n_defaults]
        for name in required:
            if name not in values:
                _missing_arguments(f_name, required, True, values)
        for i, name in enumerate(args[n_args - n_defaults :]):
            if name not in values:
                values[name] = defaults[i]
    missing = 0
    for name in kwonlyargs:
        if name not in values:
            if kwonlydefaults and name in kwonlydefaults:
                values[name] = kwonlydefaults[name]
            else:
                missing += 1
    if missing:
        _missing_arguments(f_name, kwonlyargs, False, values)
    return values


def getclosurevars(func):
    """What the names of a function refer to: ClosureVars(nonlocals, globals, builtins, unbound)."""
    if ismethod(func):
        func = func.__func__
    if not isfunction(func):
        raise TypeError("{!r} is not a Python function".format(func))
    code = func.__code__
    if func.__closure__ is None:
        nonlocal_vars = {}
    else:
        nonlocal_vars = {var: cell.cell_contents for var, cell in zip(code.co_freevars, func.__closure__)}
    global_ns = func.__globals__
    builtin_ns = global_ns.get("__builtins__", sys.modules["builtins"])
    if ismodule(builtin_ns):
        builtin_ns = builtin_ns.__dict__
    global_vars, builtin_vars, unbound = {}, {}, set()
    for name in code.co_names:
        if name in global_ns:
            global_vars[name] = global_ns[name]
        elif name in builtin_ns:
            builtin_vars[name] = builtin_ns[name]
        else:
            unbound.add(name)
    return _get("ClosureVars")(nonlocal_vars, global_vars, builtin_vars, unbound)


# ----- Frames -----


def _get_code_position(code, instruction_index):
    if instruction_index < 0:
        return (None, None, None, None)
    for at, positions in enumerate(code.co_positions()):
        if at == instruction_index // 2:
            return positions
    return (None, None, None, None)


def getframeinfo(frame, context=1):
    """The place of a frame or traceback, with lines of the source around."""
    if istraceback(frame):
        positions = _get_code_position(frame.tb_frame.f_code, frame.tb_lasti)
        lineno = frame.tb_lineno
        frame = frame.tb_frame
    else:
        lineno = frame.f_lineno
        positions = _get_code_position(frame.f_code, frame.f_lasti)
    if positions[0] is None:
        positions = (lineno, *positions[1:])
    if not isframe(frame):
        raise TypeError("{!r} is not a frame or traceback object".format(frame))
    filename = getsourcefile(frame) or getfile(frame)
    lines = index = None
    if context > 0:
        start = lineno - 1 - context // 2
        try:
            lines, lnum = findsource(frame)
        except OSError:
            lines = index = None
        else:
            start = max(0, min(start, len(lines) - context))
            lines = lines[start : start + context]
            index = lineno - 1 - start
    positions = _get("Positions")(*positions)
    return _get("Traceback")(filename, lineno, frame.f_code.co_name, lines, index, positions=positions)


def getlineno(frame):
    return frame.f_lineno


def getouterframes(frame, context=1):
    """A FrameInfo for the frame and each one that called it."""
    found = []
    while frame:
        traceback_info = getframeinfo(frame, context)
        found.append(_get("FrameInfo")(frame, *traceback_info, positions=traceback_info.positions))
        frame = frame.f_back
    return found


def getinnerframes(tb, context=1):
    """A FrameInfo for each frame of a traceback."""
    found = []
    while tb:
        traceback_info = getframeinfo(tb, context)
        found.append(_get("FrameInfo")(tb.tb_frame, *traceback_info, positions=traceback_info.positions))
        tb = tb.tb_next
    return found


def currentframe():
    """The frame of the caller."""
    # Frames of the library are not seen.
    return sys._getframe(0)


def stack(context=1):
    """The frames from the caller outwards."""
    return getouterframes(sys._getframe(0), context)


def trace(context=1):
    """The frames between here and where the exception that is being handled was raised."""
    exc = sys.exception()
    tb = None if exc is None else exc.__traceback__
    return getinnerframes(tb, context)


# ----- Attributes without running code -----

_sentinel = object()
_static_getmro = type.__dict__["__mro__"].__get__
_get_dunder_dict_of_class = type.__dict__["__dict__"].__get__


def _check_class(klass, attr):
    for entry in _static_getmro(klass):
        if _shadowed_dict(type(entry)) is _sentinel and attr in _get_dunder_dict_of_class(entry):
            return _get_dunder_dict_of_class(entry)[attr]
    return _sentinel


def _shadowed_dict(klass):
    """A `__dict__` that the class itself defines, instead of the usual one."""
    for entry in _static_getmro(klass):
        names = _get_dunder_dict_of_class(entry)
        if "__dict__" in names:
            found = names["__dict__"]
            is_usual = (
                type(found) is types.GetSetDescriptorType
                and found.__name__ == "__dict__"
                and getattr(found, "__objclass__", entry) is entry
            )
            if not is_usual:
                return found
    return _sentinel


def getattr_static(obj, attr, default=_sentinel):
    """An attribute as it is stored: without descriptors, `__getattr__` and `__getattribute__`."""
    instance_result = _sentinel
    objtype = type(obj)
    if type not in _static_getmro(objtype):
        klass = objtype
        dict_attr = _shadowed_dict(klass)
        if dict_attr is _sentinel or type(dict_attr) is types.MemberDescriptorType:
            try:
                own = object.__getattribute__(obj, "__dict__")
            except AttributeError:
                own = {}
            instance_result = dict.get(own, attr, _sentinel)
    else:
        klass = obj
    klass_result = _check_class(klass, attr)
    if instance_result is not _sentinel and klass_result is not _sentinel:
        kind = type(klass_result)
        if _check_class(kind, "__get__") is not _sentinel and (
            _check_class(kind, "__set__") is not _sentinel or _check_class(kind, "__delete__") is not _sentinel
        ):
            return klass_result
    if instance_result is not _sentinel:
        return instance_result
    if klass_result is not _sentinel:
        return klass_result
    if obj is klass:
        for entry in _static_getmro(type(klass)):
            if _shadowed_dict(type(entry)) is _sentinel and attr in _get_dunder_dict_of_class(entry):
                return _get_dunder_dict_of_class(entry)[attr]
    if default is not _sentinel:
        return default
    raise AttributeError(attr)


# ----- States -----

GEN_CREATED = "GEN_CREATED"
GEN_RUNNING = "GEN_RUNNING"
GEN_SUSPENDED = "GEN_SUSPENDED"
GEN_CLOSED = "GEN_CLOSED"
CORO_CREATED = "CORO_CREATED"
CORO_RUNNING = "CORO_RUNNING"
CORO_SUSPENDED = "CORO_SUSPENDED"
CORO_CLOSED = "CORO_CLOSED"
AGEN_CREATED = "AGEN_CREATED"
AGEN_RUNNING = "AGEN_RUNNING"
AGEN_SUSPENDED = "AGEN_SUSPENDED"
AGEN_CLOSED = "AGEN_CLOSED"


def getgeneratorstate(generator):
    """One of GEN_CREATED, GEN_RUNNING, GEN_SUSPENDED, GEN_CLOSED."""
    if generator.gi_running:
        return GEN_RUNNING
    if generator.gi_suspended:
        return GEN_SUSPENDED
    if generator.gi_frame is None:
        return GEN_CLOSED
    return GEN_CREATED


def getgeneratorlocals(generator):
    """The local variables of a generator; {} once it is over."""
    if not isgenerator(generator):
        raise TypeError("{!r} is not a Python generator".format(generator))
    frame = getattr(generator, "gi_frame", None)
    return {} if frame is None else frame.f_locals


def getcoroutinestate(coroutine):
    """One of CORO_CREATED, CORO_RUNNING, CORO_SUSPENDED, CORO_CLOSED."""
    if coroutine.cr_running:
        return CORO_RUNNING
    if coroutine.cr_suspended:
        return CORO_SUSPENDED
    if coroutine.cr_frame is None:
        return CORO_CLOSED
    return CORO_CREATED


def getcoroutinelocals(coroutine):
    """The local variables of a coroutine; {} once it is over."""
    frame = getattr(coroutine, "cr_frame", None)
    return {} if frame is None else frame.f_locals


def getasyncgenstate(agen):
    """One of AGEN_CREATED, AGEN_RUNNING, AGEN_SUSPENDED, AGEN_CLOSED."""
    if agen.ag_running:
        return AGEN_RUNNING
    if agen.ag_suspended:
        return AGEN_SUSPENDED
    if agen.ag_frame is None:
        return AGEN_CLOSED
    return AGEN_CREATED


def getasyncgenlocals(agen):
    """The local variables of an asynchronous generator; {} once it is over."""
    if not isasyncgen(agen):
        raise TypeError(f"{agen!r} is not a Python async generator")
    frame = getattr(agen, "ag_frame", None)
    return {} if frame is None else frame.f_locals


# ----- Annotations -----


def get_annotations(obj, *, globals=None, locals=None, eval_str=False):
    """A new dict of the annotations of a class, function or module; strings are evaluated if wanted."""
    unwrap_from = None
    if isinstance(obj, type):
        ann = obj.__dict__.get("__annotations__", None)
        if isinstance(ann, types.GetSetDescriptorType):
            ann = None
        module = sys.modules.get(getattr(obj, "__module__", None), None)
        obj_globals = getattr(module, "__dict__", None)
        obj_locals = dict(vars(obj))
        unwrap_from = obj
    elif isinstance(obj, types.ModuleType):
        ann = getattr(obj, "__annotations__", None)
        obj_globals = obj.__dict__
        obj_locals = None
    elif callable(obj):
        ann = getattr(obj, "__annotations__", None)
        obj_globals = getattr(obj, "__globals__", None)
        obj_locals = None
        unwrap_from = obj
    else:
        raise TypeError(f"{obj!r} is not a module, class, or callable.")
    if ann is None:
        return {}
    if not isinstance(ann, dict):
        raise ValueError(f"{obj!r}.__annotations__ is neither a dict nor None")
    if not ann:
        return {}
    if not eval_str:
        return dict(ann)
    if unwrap_from is not None:
        while True:
            if hasattr(unwrap_from, "__wrapped__"):
                unwrap_from = unwrap_from.__wrapped__
            elif isinstance(unwrap_from, functools.partial):
                unwrap_from = unwrap_from.func
            else:
                break
        if hasattr(unwrap_from, "__globals__"):
            obj_globals = unwrap_from.__globals__
    if globals is None:
        globals = obj_globals
    if locals is None:
        locals = obj_locals or {}
    if type_params := getattr(obj, "__type_params__", ()):
        locals = {param.__name__: param for param in type_params} | locals
    return {key: eval(value, globals, locals) if isinstance(value, str) else value for key, value in ann.items()}


# ----- Signatures -----


class _void:
    """A private mark."""


class _empty:
    """What is absent: a default, an annotation."""


class _ParameterKind(int):
    """How a parameter takes its argument."""

    def __new__(cls, value, name, description):
        self = int.__new__(cls, value)
        self.name = self._name_ = name
        self.value = self._value_ = value
        self.description = description
        return self

    def __str__(self):
        return self.name

    def __repr__(self):
        return f"<_ParameterKind.{self.name}: {int(self)}>"

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


_POSITIONAL_ONLY = _ParameterKind(0, "POSITIONAL_ONLY", "positional-only")
_POSITIONAL_OR_KEYWORD = _ParameterKind(1, "POSITIONAL_OR_KEYWORD", "positional or keyword")
_VAR_POSITIONAL = _ParameterKind(2, "VAR_POSITIONAL", "variadic positional")
_KEYWORD_ONLY = _ParameterKind(3, "KEYWORD_ONLY", "keyword-only")
_VAR_KEYWORD = _ParameterKind(4, "VAR_KEYWORD", "variadic keyword")
_kinds = (_POSITIONAL_ONLY, _POSITIONAL_OR_KEYWORD, _VAR_POSITIONAL, _KEYWORD_ONLY, _VAR_KEYWORD)
for _kind in _kinds:
    setattr(_ParameterKind, _kind.name, _kind)


class Parameter:
    """A parameter of a signature."""

    __slots__ = ("_name", "_kind", "_default", "_annotation")

    POSITIONAL_ONLY = _POSITIONAL_ONLY
    POSITIONAL_OR_KEYWORD = _POSITIONAL_OR_KEYWORD
    VAR_POSITIONAL = _VAR_POSITIONAL
    KEYWORD_ONLY = _KEYWORD_ONLY
    VAR_KEYWORD = _VAR_KEYWORD
    empty = _empty

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        try:
            self._kind = _kinds[kind] if kind in range(5) else _kinds[5]
        except (IndexError, TypeError):
            raise ValueError(f"value {kind!r} is not a valid Parameter.kind") from None
        if default is not _empty and self._kind in (_VAR_POSITIONAL, _VAR_KEYWORD):
            raise ValueError(f"{self._kind.description} parameters cannot have default values")
        self._default = default
        self._annotation = annotation
        if name is _empty:
            raise ValueError("name is a required attribute for Parameter")
        if not isinstance(name, str):
            raise TypeError("name must be a str, not a {}".format(type(name).__name__))
        if name[:1] == "." and name[1:].isdigit():
            # The implicit argument of a comprehension.
            if self._kind != _POSITIONAL_OR_KEYWORD:
                raise ValueError(
                    f"implicit arguments must be passed as positional or keyword arguments, not {self._kind.description}"
                )
            self._kind = _POSITIONAL_ONLY
            name = "implicit{}".format(name[1:])
        from keyword import iskeyword

        is_keyword = iskeyword(name) and self._kind is not _POSITIONAL_ONLY
        if is_keyword or not name.isidentifier():
            raise ValueError("{!r} is not a valid parameter name".format(name))
        self._name = name

    def __reduce__(self):
        state = {"_default": self._default, "_annotation": self._annotation}
        return type(self), (self._name, self._kind), state

    def __setstate__(self, state):
        self._default = state["_default"]
        self._annotation = state["_annotation"]

    @property
    def name(self):
        return self._name

    @property
    def default(self):
        return self._default

    @property
    def annotation(self):
        return self._annotation

    @property
    def kind(self):
        return self._kind

    def replace(self, *, name=_void, kind=_void, annotation=_void, default=_void):
        """A copy with other parts."""
        return type(self)(
            self._name if name is _void else name,
            self._kind if kind is _void else kind,
            default=self._default if default is _void else default,
            annotation=self._annotation if annotation is _void else annotation,
        )

    __replace__ = replace

    def __str__(self):
        return self._format()

    def _format(self, *, quote_annotation_strings=True):
        text = self._name
        if self._annotation is not _empty:
            annotation = self._annotation
            if isinstance(annotation, str) and not quote_annotation_strings:
                shown = annotation
            else:
                shown = formatannotation(annotation)
            text = f"{text}: {shown}"
        if self._default is not _empty:
            text += (" = " if self._annotation is not _empty else "=") + repr(self._default)
        if self._kind == _VAR_POSITIONAL:
            return "*" + text
        if self._kind == _VAR_KEYWORD:
            return "**" + text
        return text

    def __repr__(self):
        return f'<{self.__class__.__name__} "{self}">'

    def __hash__(self):
        return hash((self._name, self._kind, self._annotation, self._default))

    def __eq__(self, other):
        if self is other:
            return True
        if not isinstance(other, Parameter):
            return NotImplemented
        return (
            self._name == other._name
            and self._kind == other._kind
            and self._default == other._default
            and self._annotation == other._annotation
        )


class BoundArguments:
    """Arguments by parameter."""

    __slots__ = ("arguments", "_signature", "__weakref__")

    def __init__(self, signature, arguments):
        self.arguments = arguments
        self._signature = signature

    @property
    def signature(self):
        return self._signature

    @property
    def args(self):
        found = []
        for name, param in self._signature.parameters.items():
            if param.kind in (_VAR_KEYWORD, _KEYWORD_ONLY) or name not in self.arguments:
                break
            if param.kind == _VAR_POSITIONAL:
                found.extend(self.arguments[name])
            else:
                found.append(self.arguments[name])
        return tuple(found)

    @property
    def kwargs(self):
        found = {}
        by_name = False
        for name, param in self._signature.parameters.items():
            if not by_name:
                if param.kind in (_VAR_KEYWORD, _KEYWORD_ONLY):
                    by_name = True
                elif name not in self.arguments:
                    by_name = True
                    continue
            if not by_name or name not in self.arguments:
                continue
            if param.kind == _VAR_KEYWORD:
                found.update(self.arguments[name])
            else:
                found[name] = self.arguments[name]
        return found

    def apply_defaults(self):
        """Adds the defaults of what is absent."""
        found = []
        for name, param in self._signature.parameters.items():
            if name in self.arguments:
                found.append((name, self.arguments[name]))
            elif param.default is not _empty:
                found.append((name, param.default))
            elif param.kind is _VAR_POSITIONAL:
                found.append((name, ()))
            elif param.kind is _VAR_KEYWORD:
                found.append((name, {}))
        self.arguments = dict(found)

    def __eq__(self, other):
        if self is other:
            return True
        if not isinstance(other, BoundArguments):
            return NotImplemented
        return self.signature == other.signature and self.arguments == other.arguments

    def __setstate__(self, state):
        self._signature = state["_signature"]
        self.arguments = state["arguments"]

    def __getstate__(self):
        return {"_signature": self._signature, "arguments": self.arguments}

    def __repr__(self):
        args = ", ".join(f"{arg}={value!r}" for arg, value in self.arguments.items())
        return f"<{self.__class__.__name__} ({args})>"


class Signature:
    """The parameters of a callable, and what it returns."""

    __slots__ = ("_return_annotation", "_parameters")

    _parameter_cls = Parameter
    _bound_arguments_cls = BoundArguments
    empty = _empty

    def __init__(self, parameters=None, *, return_annotation=_empty, __validate_parameters__=True):
        found = {}
        if parameters is not None:
            top_kind = _POSITIONAL_ONLY
            seen_default = False
            for param in parameters:
                kind, name = param.kind, param.name
                if __validate_parameters__:
                    if kind < top_kind:
                        raise ValueError(
                            f"wrong parameter order: {top_kind.description} parameter before {kind.description} parameter"
                        )
                    top_kind = kind
                    if kind in (_POSITIONAL_ONLY, _POSITIONAL_OR_KEYWORD):
                        if param.default is _empty:
                            if seen_default:
                                raise ValueError("non-default argument follows default argument")
                        else:
                            seen_default = True
                    if name in found:
                        raise ValueError("duplicate parameter name: {!r}".format(name))
                found[name] = param
        self._parameters = types.MappingProxyType(found)
        self._return_annotation = return_annotation

    @classmethod
    def from_callable(cls, obj, *, follow_wrapped=True, globals=None, locals=None, eval_str=False):
        """The signature of a callable."""
        return _signature_from_callable(
            obj, sigcls=cls, follow_wrapper_chains=follow_wrapped, globals=globals, locals=locals, eval_str=eval_str
        )

    @property
    def parameters(self):
        return self._parameters

    @property
    def return_annotation(self):
        return self._return_annotation

    def replace(self, *, parameters=_void, return_annotation=_void):
        """A copy with other parts."""
        if parameters is _void:
            parameters = self.parameters.values()
        if return_annotation is _void:
            return_annotation = self._return_annotation
        return type(self)(parameters, return_annotation=return_annotation)

    __replace__ = replace

    def _hash_basis(self):
        params = tuple(param for param in self.parameters.values() if param.kind != _KEYWORD_ONLY)
        kwo_params = {param.name: param for param in self.parameters.values() if param.kind == _KEYWORD_ONLY}
        return params, kwo_params, self.return_annotation

    def __hash__(self):
        params, kwo_params, return_annotation = self._hash_basis()
        return hash((params, frozenset(kwo_params.values()), return_annotation))

    def __eq__(self, other):
        if self is other:
            return True
        if not isinstance(other, Signature):
            return NotImplemented
        return self._hash_basis() == other._hash_basis()

    def _bind(self, args, kwargs, *, partial=False):
        arguments = {}
        parameters = iter(self.parameters.values())
        waiting = None
        arg_vals = iter(args)
        pos_only_in_kwargs = []
        while True:
            try:
                arg_val = next(arg_vals)
            except StopIteration:
                try:
                    param = next(parameters)
                except StopIteration:
                    break
                if param.kind == _VAR_POSITIONAL:
                    break
                if param.name in kwargs:
                    if param.kind == _POSITIONAL_ONLY:
                        if param.default is _empty:
                            pos_only_in_kwargs.append(param)
                        continue
                    waiting = param
                    break
                if param.kind == _VAR_KEYWORD or param.default is not _empty or partial:
                    waiting = param
                    break
                what = " keyword-only" if param.kind == _KEYWORD_ONLY else ""
                raise TypeError(f"missing a required{what} argument: {param.name!r}") from None
            try:
                param = next(parameters)
            except StopIteration:
                raise TypeError("too many positional arguments") from None
            if param.kind in (_VAR_KEYWORD, _KEYWORD_ONLY):
                raise TypeError("too many positional arguments") from None
            if param.kind == _VAR_POSITIONAL:
                arguments[param.name] = (arg_val, *arg_vals)
                break
            if param.name in kwargs and param.kind != _POSITIONAL_ONLY:
                raise TypeError(f"multiple values for argument {param.name!r}") from None
            arguments[param.name] = arg_val
        kwargs_param = None
        rest = parameters if waiting is None else (waiting, *parameters)
        for param in rest:
            if param.kind == _VAR_KEYWORD:
                kwargs_param = param
                continue
            if param.kind == _VAR_POSITIONAL:
                continue
            if param.kind == _POSITIONAL_ONLY:
                if param.name in kwargs and param.default is _empty:
                    pos_only_in_kwargs.append(param)
                elif not partial and param.default is _empty:
                    raise TypeError(f"missing a required positional-only argument: {param.name!r}")
                continue
            if param.name in kwargs:
                arguments[param.name] = kwargs.pop(param.name)
            elif not partial and param.default is _empty:
                raise TypeError(f"missing a required argument: {param.name!r}")
        if kwargs:
            if kwargs_param is not None:
                arguments[kwargs_param.name] = kwargs
            elif pos_only_in_kwargs:
                names = ", ".join(param.name for param in pos_only_in_kwargs)
                raise TypeError(f"got some positional-only arguments passed as keyword arguments: {names!r}")
            else:
                raise TypeError(f"got an unexpected keyword argument {next(iter(kwargs))!r}")
        return self._bound_arguments_cls(self, arguments)

    def bind(self, /, *args, **kwargs):
        """BoundArguments of a call; TypeError if it could not be made."""
        return self._bind(args, kwargs)

    def bind_partial(self, /, *args, **kwargs):
        """The same, where arguments may be missing."""
        return self._bind(args, kwargs, partial=True)

    def __reduce__(self):
        state = {"_return_annotation": self._return_annotation}
        return type(self), (tuple(self._parameters.values()),), state

    def __setstate__(self, state):
        self._return_annotation = state["_return_annotation"]

    def __repr__(self):
        return f"<{self.__class__.__name__} {self}>"

    def __str__(self):
        return self.format()

    def format(self, *, max_width=None, quote_annotation_strings=True):
        """The signature as it would be written."""
        result = []
        needs_slash = False
        needs_star = True
        for param in self.parameters.values():
            formatted = param._format(quote_annotation_strings=quote_annotation_strings)
            kind = param.kind
            if kind == _POSITIONAL_ONLY:
                needs_slash = True
            elif needs_slash:
                result.append("/")
                needs_slash = False
            if kind == _VAR_POSITIONAL:
                needs_star = False
            elif kind == _KEYWORD_ONLY and needs_star:
                result.append("*")
                needs_star = False
            result.append(formatted)
        if needs_slash:
            result.append("/")
        rendered = "({})".format(", ".join(result))
        if max_width is not None and len(rendered) > max_width:
            rendered = "(\n    {}\n)".format(",\n    ".join(result))
        if self.return_annotation is not _empty:
            annotation = self.return_annotation
            if isinstance(annotation, str) and not quote_annotation_strings:
                rendered += " -> " + annotation
            else:
                rendered += " -> " + formatannotation(annotation)
        return rendered


def signature(obj, *, follow_wrapped=True, globals=None, locals=None, eval_str=False):
    """The signature of a callable."""
    return Signature.from_callable(
        obj, follow_wrapped=follow_wrapped, globals=globals, locals=locals, eval_str=eval_str
    )


def _is_functionlike(obj):
    """Has all attributes of a function."""
    if not callable(obj) or isclass(obj):
        return False
    name = getattr(obj, "__name__", None)
    code = getattr(obj, "__code__", None)
    defaults = getattr(obj, "__defaults__", _void)
    kwdefaults = getattr(obj, "__kwdefaults__", _void)
    annotations = getattr(obj, "__annotations__", None)
    return (
        isinstance(code, types.CodeType)
        and isinstance(name, str)
        and (defaults is None or isinstance(defaults, tuple))
        and (kwdefaults is None or isinstance(kwdefaults, dict))
        and (isinstance(annotations, dict) or annotations is None)
    )


def _is_native(obj):
    return (
        isbuiltin(obj)
        or ismethoddescriptor(obj)
        and isinstance(
            obj,
            (
                types.WrapperDescriptorType, types.MethodWrapperType, types.MethodDescriptorType,
                types.ClassMethodDescriptorType,
            ),
        )
        or isinstance(obj, types.MethodWrapperType)
        or obj in (type, object)
    )


def _signature_bound_method(sig):
    """Without the first parameter."""
    params = tuple(sig.parameters.values())
    if not params or params[0].kind in (_VAR_KEYWORD, _KEYWORD_ONLY):
        raise ValueError("invalid method signature")
    if params[0].kind in (_POSITIONAL_OR_KEYWORD, _POSITIONAL_ONLY):
        params = params[1:]
    return sig.replace(parameters=params)


def _signature_get_partial(wrapped_sig, partial, extra_args=()):
    """The signature of a callable without the arguments that a partial gives it."""
    params = dict(wrapped_sig.parameters)
    args = partial.args or ()
    keywords = partial.keywords or {}
    if extra_args:
        args = extra_args + args
    try:
        bound = wrapped_sig.bind_partial(*args, **keywords)
    except TypeError as ex:
        raise ValueError("partial object {!r} has incorrect arguments".format(partial)) from ex
    to_keyword_only = False
    for name, param in wrapped_sig.parameters.items():
        if name in bound.arguments:
            value = bound.arguments[name]
            if param.kind is _POSITIONAL_ONLY:
                del params[name]
                continue
            if param.kind is _POSITIONAL_OR_KEYWORD:
                if name in keywords:
                    # A keyword of the partial can be given again: what is behind it by keyword only.
                    to_keyword_only = True
                    params[name] = param.replace(default=value)
                else:
                    del params[name]
                    continue
            if param.kind is _KEYWORD_ONLY:
                params[name] = param.replace(default=value)
        if to_keyword_only:
            if param.kind is _POSITIONAL_OR_KEYWORD:
                moved = params.pop(name).replace(kind=_KEYWORD_ONLY)
                params[name] = moved
            elif param.kind in (_KEYWORD_ONLY, _VAR_KEYWORD):
                moved = params.pop(name)
                params[name] = moved
            elif param.kind is _VAR_POSITIONAL:
                params.pop(name)
    return wrapped_sig.replace(parameters=params.values())


def _signature_from_function(cls, func, skip_bound_arg=True, globals=None, locals=None, eval_str=False):
    is_duck = False
    if not isfunction(func):
        if not _is_functionlike(func):
            raise TypeError("{!r} is not a Python function".format(func))
        is_duck = True
    text = getattr(func, "__text_signature__", None)
    if text:
        return _signature_fromstr(cls, func, text, skip_bound_arg)
    Parameter = cls._parameter_cls
    code = func.__code__
    names = code.co_varnames
    n_positional = code.co_argcount
    n_only = code.co_posonlyargcount
    positional = names[:n_positional]
    n_keyword = code.co_kwonlyargcount
    keyword_only = names[n_positional : n_positional + n_keyword]
    annotations = get_annotations(func, globals=globals, locals=locals, eval_str=eval_str)
    defaults = func.__defaults__ or ()
    kwdefaults = func.__kwdefaults__ or {}
    found = []
    first_default = n_positional - len(defaults)
    for at, name in enumerate(positional):
        kind = _POSITIONAL_ONLY if at < n_only else _POSITIONAL_OR_KEYWORD
        default = defaults[at - first_default] if at >= first_default else _empty
        found.append(Parameter(name, annotation=annotations.get(name, _empty), kind=kind, default=default))
    if code.co_flags & CO_VARARGS:
        name = names[n_positional + n_keyword]
        found.append(Parameter(name, annotation=annotations.get(name, _empty), kind=_VAR_POSITIONAL))
    for name in keyword_only:
        default = kwdefaults.get(name, _empty)
        found.append(Parameter(name, annotation=annotations.get(name, _empty), kind=_KEYWORD_ONLY, default=default))
    if code.co_flags & CO_VARKEYWORDS:
        at = n_positional + n_keyword + bool(code.co_flags & CO_VARARGS)
        name = names[at]
        found.append(Parameter(name, annotation=annotations.get(name, _empty), kind=_VAR_KEYWORD))
    return cls(found, return_annotation=annotations.get("return", _empty), __validate_parameters__=is_duck)


class _Unrepresentable:
    """A default that a native computes."""

    def __repr__(self):
        return "<unrepresentable>"


_unrepresentable = _Unrepresentable()


def _signature_fromstr(cls, obj, s, skip_bound_arg=True):
    """Of a text like `($self, x, /, y=None)`: it is compiled as a function's, and looked at."""
    text = s.replace("<unrepresentable>", "_unrepresentable").partition(")\n--\n\n")[0]
    if not text.endswith(")"):
        text += ")"
    is_bound = "$" in text
    names = dict(vars(sys.modules["builtins"]), _unrepresentable=_unrepresentable)
    module = sys.modules.get(getattr(obj, "__module__", None) or "", None)
    if module is not None:
        names.update(module.__dict__)
    names["_unrepresentable"] = _unrepresentable
    clean = text.replace("$", "")
    try:
        # `(self, /)` is fine, but a slash must not come first.
        func = eval("lambda " + clean[1:-1] + ": None", names)
    except (SyntaxError, NameError):
        raise ValueError("{!r} builtin has invalid signature".format(obj)) from None
    sig = _signature_from_function(cls, func)
    if is_bound:
        params = list(sig.parameters.values())
        _self = getattr(obj, "__self__", None)
        self_isbound = _self is not None
        if self_isbound and (ismodule(_self) or skip_bound_arg):
            params.pop(0)
        elif not self_isbound and text[1:].startswith(("$module", "$type", "$cls")) and skip_bound_arg:
            params.pop(0)
        elif params:
            params[0] = params[0].replace(kind=_POSITIONAL_ONLY)
        sig = cls(params)
    return sig


def _signature_from_builtin(cls, func, skip_bound_arg=True):
    s = getattr(func, "__text_signature__", None)
    if not s:
        raise ValueError("no signature found for builtin {!r}".format(func))
    return _signature_fromstr(cls, func, s, skip_bound_arg)


def _descriptor_get(descriptor, obj):
    if isclass(descriptor):
        return descriptor
    get = getattr(type(descriptor), "__get__", _sentinel)
    if get is _sentinel:
        return descriptor
    return get(descriptor, obj, type(obj))


def _user_method(cls, name, *, follow_wrapper_chains=True):
    """A method that was not written in Rust."""
    if name == "__new__":
        meth = getattr(cls, name, None)
    else:
        meth = getattr_static(cls, name, None)
    if meth is None:
        return None
    if follow_wrapper_chains:
        meth = unwrap(meth, stop=lambda m: hasattr(m, "__signature__") or isinstance(m, types.MethodType))
    if isinstance(
        meth, (types.WrapperDescriptorType, types.MethodWrapperType, types.ClassMethodDescriptorType,
               types.BuiltinFunctionType, types.MethodDescriptorType)
    ):
        return None
    if name != "__new__":
        meth = _descriptor_get(meth, cls)
    return meth


def _signature_from_callable(
    obj, *, follow_wrapper_chains=True, skip_bound_arg=True, globals=None, locals=None, eval_str=False, sigcls=Signature
):
    def again(obj):
        return _signature_from_callable(
            obj,
            follow_wrapper_chains=follow_wrapper_chains,
            skip_bound_arg=skip_bound_arg,
            globals=globals,
            locals=locals,
            sigcls=sigcls,
            eval_str=eval_str,
        )

    if not callable(obj):
        raise TypeError("{!r} is not a callable object".format(obj))
    if isinstance(obj, types.MethodType):
        sig = again(obj.__func__)
        return _signature_bound_method(sig) if skip_bound_arg else sig
    if follow_wrapper_chains:
        obj = unwrap(obj, stop=lambda f: hasattr(f, "__signature__") or isinstance(f, types.MethodType))
        if isinstance(obj, types.MethodType):
            return again(obj)
    sig = getattr(obj, "__signature__", None)
    if sig is not None:
        given = sig
        if not isinstance(sig, (Signature, str)) and callable(sig):
            sig = sig()
        if isinstance(sig, str):
            return _signature_fromstr(sigcls, obj, sig)
        if not isinstance(sig, Signature):
            raise TypeError("unexpected object {!r} in __signature__ attribute".format(given))
        return sig
    partialmethod = getattr(obj, "__partialmethod__", None)
    if isinstance(partialmethod, functools.partialmethod):
        wrapped_sig = again(partialmethod.func)
        sig = _signature_get_partial(wrapped_sig, partialmethod, (None,))
        first = tuple(wrapped_sig.parameters.values())[0]
        if first.kind is _VAR_POSITIONAL:
            return sig
        return sig.replace(parameters=(first,) + tuple(sig.parameters.values()))
    if isfunction(obj) or _is_functionlike(obj):
        return _signature_from_function(
            sigcls, obj, skip_bound_arg=skip_bound_arg, globals=globals, locals=locals, eval_str=eval_str
        )
    if obj is object:
        return sigcls()
    if _is_native(obj):
        return _signature_from_builtin(sigcls, obj, skip_bound_arg=skip_bound_arg)
    if isinstance(obj, functools.partial):
        return _signature_get_partial(again(obj.func), obj)
    if isinstance(obj, type):
        return _signature_of_class(sigcls, obj, again, skip_bound_arg, follow_wrapper_chains)
    call = getattr_static(type(obj), "__call__", None)
    if call is not None:
        text = getattr(obj, "__text_signature__", None)
        if text:
            return _signature_fromstr(sigcls, obj, text)
        return again(_descriptor_get(call, obj))
    raise ValueError("callable {!r} is not supported by signature".format(obj))


def _signature_of_class(sigcls, obj, again, skip_bound_arg, follow_wrapper_chains):
    """Of a call of the class: the metaclass's `__call__`, then whichever of `__new__` and `__init__` comes first."""
    call = _user_method(type(obj), "__call__", follow_wrapper_chains=follow_wrapper_chains)
    if call is not None:
        return again(call) if not isinstance(call, types.MethodType) else again(call.__get__(obj))
    if getattr_static(type(obj), "__call__", None) is not type.__dict__["__call__"]:
        call = getattr_static(type(obj), "__call__")
        if isfunction(call):
            sig = again(call)
            return _signature_bound_method(sig) if skip_bound_arg else sig
    new = _user_method(obj, "__new__", follow_wrapper_chains=follow_wrapper_chains)
    init = _user_method(obj, "__init__", follow_wrapper_chains=follow_wrapper_chains)
    for base in obj.__mro__:
        if new is not None and "__new__" in base.__dict__:
            sig = again(new)
            return _signature_bound_method(sig) if skip_bound_arg else sig
        if init is not None and "__init__" in base.__dict__:
            sig = again(getattr_static(obj, "__init__") if isfunction(getattr_static(obj, "__init__")) else init)
            if isfunction(unwrap(getattr_static(obj, "__init__"))) and skip_bound_arg:
                return _signature_bound_method(sig)
            return sig
    for base in obj.__mro__[:-1]:
        text = base.__dict__.get("__text_signature__", None) or getattr(base, "__text_signature__", None)
        if isinstance(text, str) and text:
            return _signature_fromstr(sigcls, base, text)
    if type not in obj.__mro__:
        if obj.__init__ is object.__init__ and obj.__new__ is object.__new__:
            return sigcls()
        raise ValueError("no signature found for builtin type {!r}".format(obj))
    raise ValueError("no signature found for builtin type {!r}".format(obj))

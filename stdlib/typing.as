"""What annotations are made of: names, generic classes, protocols, and what reads annotations."""

import sys
from types import FunctionType, GenericAlias, MethodType, MethodWrapperType, ModuleType, UnionType

import _collections_abc
from _abc import _abc_instancecheck, _abc_is_walking, _abc_subclasscheck
from _collections import OrderedDict as _OrderedDict
from _collections import defaultdict as _defaultdict
from _collections import deque as _deque
from _functools import _lru_cache
from _typing import Generic, NoDefault, ParamSpec, TypeAliasType, TypeVar, TypeVarTuple
from abc import ABCMeta, abstractmethod

__all__ = [
    "Annotated", "Any", "Callable", "ClassVar", "Concatenate", "Final", "ForwardRef", "Generic", "Literal", "Optional",
    "ParamSpec", "Protocol", "Tuple", "Type", "TypeVar", "TypeVarTuple", "Union", "AbstractSet", "ByteString",
    "Container", "ContextManager", "Hashable", "ItemsView", "Iterable", "Iterator", "KeysView", "Mapping",
    "MappingView", "MutableMapping", "MutableSequence", "MutableSet", "Sequence", "Sized", "ValuesView", "Awaitable",
    "AsyncIterator", "AsyncIterable", "Coroutine", "Collection", "AsyncGenerator", "AsyncContextManager", "Reversible",
    "SupportsAbs", "SupportsBytes", "SupportsComplex", "SupportsFloat", "SupportsIndex", "SupportsInt", "SupportsRound",
    "ChainMap", "Counter", "Deque", "Dict", "DefaultDict", "List", "OrderedDict", "Set", "FrozenSet", "NamedTuple",
    "TypedDict", "Generator", "BinaryIO", "IO", "TextIO", "AnyStr", "assert_type", "assert_never",
    "cast", "clear_overloads", "dataclass_transform", "final", "get_args", "get_origin", "get_overloads",
    "get_protocol_members", "get_type_hints", "is_protocol", "is_typeddict", "LiteralString", "Never", "NewType",
    "no_type_check", "no_type_check_decorator", "NoDefault", "NoReturn", "NotRequired", "overload", "override",
    "ParamSpecArgs", "ParamSpecKwargs", "ReadOnly", "Required", "reveal_type", "runtime_checkable", "Self", "Text",
    "TYPE_CHECKING", "TypeAlias", "TypeAliasType", "TypeGuard", "TypeIs", "Unpack",
]

NoneType = type(None)
TYPE_CHECKING = False
Text = str


class _Sentinel:
    __slots__ = ()

    def __repr__(self):
        return "<sentinel>"


_sentinel = _Sentinel()


class _Named(type):
    """The metaclass of what looks like a class but has a text of its own."""


# In a Callable's and Tuple's arguments, for `...`.
class _TypingEllipsis:
    """Stands for `...` among arguments."""


def _caller(depth=0):
    """The module of the script that called; frames of the library are not seen."""
    try:
        return sys._getframemodulename(depth) or "__main__"
    except (AttributeError, ValueError):
        return None


# ----- Checks -----


def _type_convert(arg, module=None, *, allow_special_forms=False):
    """None is its class, a string is a forward reference."""
    if arg is None:
        return NoneType
    if isinstance(arg, str):
        return ForwardRef(arg, module=module, is_class=allow_special_forms)
    return arg


def _type_check(arg, msg, is_argument=True, module=None, *, allow_special_forms=False):
    """The argument as a type; TypeError if it is none."""
    invalid = (Generic, Protocol)
    if not allow_special_forms:
        invalid += (ClassVar, Final) if is_argument else (ClassVar,)
    arg = _type_convert(arg, module=module, allow_special_forms=allow_special_forms)
    if isinstance(arg, _GenericAlias) and arg.__origin__ in invalid:
        raise TypeError(f"{arg} is not valid as type argument")
    if arg in (Any, LiteralString, NoReturn, Never, Self, TypeAlias):
        return arg
    if allow_special_forms and arg in (ClassVar, Final):
        return arg
    if isinstance(arg, _SpecialForm) or arg in (Generic, Protocol):
        raise TypeError(f"Plain {arg} is not valid as type argument")
    if type(arg) is tuple:
        raise TypeError(f"{msg} Got {arg!r:.100}.")
    return arg


def _is_param_expr(arg):
    return arg is ... or isinstance(arg, (tuple, list, ParamSpec, _ConcatenateGenericAlias))


def _is_unpacked_typevartuple(x):
    return not isinstance(x, type) and getattr(x, "__typing_is_unpacked_typevartuple__", False)


def _is_typevar_like(x):
    return isinstance(x, (TypeVar, ParamSpec)) or _is_unpacked_typevartuple(x)


def _is_dunder(attr):
    return attr.startswith("__") and attr.endswith("__")


def _type_repr(obj):
    """The text of a type among others: a class by its name alone."""
    if isinstance(obj, tuple):
        return "[" + ", ".join(map(_type_repr, obj)) + "]"
    if isinstance(obj, type):
        if obj.__module__ == "builtins":
            return obj.__qualname__
        return f"{obj.__module__}.{obj.__qualname__}"
    if obj is ...:
        return "..."
    if isinstance(obj, FunctionType):
        return obj.__name__
    return repr(obj)


def _collect_type_parameters(args, *, enforce_default_ordering=True):
    """The type parameters in some types, each once, in order."""
    parameters = []
    has_default = after_tuple = False
    for t in args:
        if isinstance(t, type):
            continue
        if isinstance(t, tuple):
            for x in t:
                for found in _collect_type_parameters([x]):
                    if found not in parameters:
                        parameters.append(found)
        elif hasattr(t, "__typing_subst__"):
            if t in parameters:
                continue
            if enforce_default_ordering:
                if after_tuple and t.has_default():
                    raise TypeError("Type parameter with a default follows TypeVarTuple")
                if t.has_default():
                    has_default = True
                elif has_default:
                    raise TypeError(f"Type parameter {t!r} without a default follows type parameter with a default")
            parameters.append(t)
        else:
            if _is_unpacked_typevartuple(t):
                after_tuple = True
            for x in getattr(t, "__parameters__", ()):
                if x not in parameters:
                    parameters.append(x)
    return tuple(parameters)


def _unpack_args(*args):
    """`*tuple[int, str]` among the arguments becomes `int, str`."""
    found = []
    for arg in args:
        inner = getattr(arg, "__typing_unpacked_tuple_args__", None)
        if inner is not None and not (inner and inner[-1] is ...):
            found.extend(inner)
        else:
            found.append(arg)
    return found


def _deduplicate(params, *, unhashable_fallback=False):
    try:
        return list(dict.fromkeys(params))
    except TypeError:
        if not unhashable_fallback:
            raise
        found = []
        for param in params:
            if param not in found:
                found.append(param)
        return found


def _remove_dups_flatten(parameters):
    """The alternatives of unions in their place, each once."""
    flat = []
    for p in parameters:
        if isinstance(p, (_UnionGenericAlias, UnionType)):
            flat.extend(p.__args__)
        else:
            flat.append(p)
    return tuple(_deduplicate(flat, unhashable_fallback=True))


def _flatten_literal_params(parameters):
    flat = []
    for p in parameters:
        if isinstance(p, _LiteralGenericAlias):
            flat.extend(p.__args__)
        else:
            flat.append(p)
    return tuple(flat)


def _value_and_type_iter(parameters):
    return ((p, type(p)) for p in parameters)


_cleanups = []


def _tp_cache(func=None, /, *, typed=False):
    """Keeps the results where the arguments can be hashed: equal types are then the same object."""
    if func is None:
        return lambda func: _tp_cache(func, typed=typed)
    cached = _lru_cache(func, 128, typed, None)
    _cleanups.append(cached.cache_clear)

    def inner(*args, **kwds):
        try:
            return cached(*args, **kwds)
        except TypeError:
            # Something that cannot be hashed; or the function itself says what is wrong, then it does so once more.
            pass
        return func(*args, **kwds)

    inner.__name__ = func.__name__
    inner.__qualname__ = func.__qualname__
    inner.__doc__ = func.__doc__
    inner.__wrapped__ = func
    return inner


# ----- Special forms -----


class _Final:
    """Forbids subclasses."""

    __slots__ = ("__weakref__",)

    def __init_subclass__(cls, /, *args, **kwds):
        if "_root" not in kwds:
            raise TypeError("Cannot subclass special typing classes")


class _NotIterable:
    """Has an `__iter__` only to say that it has none."""

    __slots__ = ()
    __iter__ = None


class _SpecialForm(_Final, _NotIterable, _root=True):
    __slots__ = ("_name", "__doc__", "_getitem")

    def __init__(self, getitem):
        self._getitem = getitem
        self._name = getitem.__name__
        self.__doc__ = getitem.__doc__

    def __getattr__(self, item):
        if item in {"__name__", "__qualname__"}:
            return self._name
        raise AttributeError(item)

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass {self!r}")

    def __repr__(self):
        return "typing." + self._name

    def __reduce__(self):
        return self._name

    def __call__(self, *args, **kwds):
        raise TypeError(f"Cannot instantiate {self!r}")

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]

    def __instancecheck__(self, obj):
        raise TypeError(f"{self} cannot be used with isinstance()")

    def __subclasscheck__(self, cls):
        raise TypeError(f"{self} cannot be used with issubclass()")

    @_tp_cache
    def __getitem__(self, parameters):
        return self._getitem(self, parameters)


class _TypedCacheSpecialForm(_SpecialForm, _root=True):
    def __getitem__(self, parameters):
        if not isinstance(parameters, tuple):
            parameters = (parameters,)
        return self._getitem(self, *parameters)


class _AnyMeta(type):
    def __instancecheck__(self, obj):
        if self is Any:
            raise TypeError("typing.Any cannot be used with isinstance()")
        return super().__instancecheck__(obj)

    def __repr__(self):
        if self is Any:
            return "typing.Any"
        return super().__repr__()


class Any(metaclass=_AnyMeta):
    """A type that goes with every other one."""

    def __new__(cls, *args, **kwargs):
        if cls is Any:
            raise TypeError("Any cannot be instantiated")
        return super().__new__(cls)


@_SpecialForm
def NoReturn(self, parameters):
    """What a function returns that never does."""
    raise TypeError(f"{self} is not subscriptable")


@_SpecialForm
def Never(self, parameters):
    """A type without values."""
    raise TypeError(f"{self} is not subscriptable")


@_SpecialForm
def Self(self, parameters):
    """The class around."""
    raise TypeError(f"{self} is not subscriptable")


@_SpecialForm
def LiteralString(self, parameters):
    """A str that the program wrote down."""
    raise TypeError(f"{self} is not subscriptable")


@_SpecialForm
def ClassVar(self, parameters):
    """A variable of the class, not of its instances."""
    item = _type_check(parameters, f"{self} accepts only single type.", allow_special_forms=True)
    return _GenericAlias(self, (item,))


@_SpecialForm
def Final(self, parameters):
    """A name that is not assigned again."""
    item = _type_check(parameters, f"{self} accepts only single type.", allow_special_forms=True)
    return _GenericAlias(self, (item,))


@_SpecialForm
def Union(self, parameters):
    """One of several types."""
    if parameters == ():
        raise TypeError("Cannot take a Union of no types.")
    if not isinstance(parameters, tuple):
        parameters = (parameters,)
    msg = "Union[arg, ...]: each arg must be a type."
    parameters = _remove_dups_flatten(tuple(_type_check(p, msg) for p in parameters))
    if len(parameters) == 1:
        return parameters[0]
    if len(parameters) == 2 and NoneType in parameters:
        return _UnionGenericAlias(self, parameters, name="Optional")
    return _UnionGenericAlias(self, parameters)


def _make_union(left, right):
    """`left | right`, for the natives."""
    return Union[left, right]


@_SpecialForm
def Optional(self, parameters):
    """A type or None."""
    arg = _type_check(parameters, f"{self} requires a single type.")
    return Union[arg, NoneType]


@_TypedCacheSpecialForm
@_tp_cache(typed=True)
def Literal(self, *parameters):
    """One of some values."""
    parameters = _flatten_literal_params(parameters)
    try:
        parameters = tuple(p for p, _ in _deduplicate(list(_value_and_type_iter(parameters))))
    except TypeError:
        # Values that cannot be hashed.
        pass
    return _LiteralGenericAlias(self, parameters)


@_SpecialForm
def TypeAlias(self, parameters):
    """Says that an assignment names a type."""
    raise TypeError(f"{self} is not subscriptable")


@_SpecialForm
def Concatenate(self, parameters):
    """Parameters before those of a ParamSpec."""
    if parameters == ():
        raise TypeError("Cannot take a Concatenate of no types.")
    if not isinstance(parameters, tuple):
        parameters = (parameters,)
    if not (parameters[-1] is ... or isinstance(parameters[-1], ParamSpec)):
        raise TypeError("The last parameter to Concatenate should be a ParamSpec variable or ellipsis.")
    msg = "Concatenate[arg, ...]: each arg must be a type."
    return _ConcatenateGenericAlias(self, (*(_type_check(p, msg) for p in parameters[:-1]), parameters[-1]))


@_SpecialForm
def TypeGuard(self, parameters):
    """What a function returns that finds out a type."""
    return _GenericAlias(self, (_type_check(parameters, f"{self} accepts only single type."),))


@_SpecialForm
def TypeIs(self, parameters):
    """The same, if False says as much as True."""
    return _GenericAlias(self, (_type_check(parameters, f"{self} accepts only single type."),))


@_SpecialForm
def Required(self, parameters):
    """A key that a TypedDict must have."""
    return _GenericAlias(self, (_type_check(parameters, f"{self._name} accepts only a single type."),))


@_SpecialForm
def NotRequired(self, parameters):
    """A key that a TypedDict may have."""
    return _GenericAlias(self, (_type_check(parameters, f"{self._name} accepts only a single type."),))


@_SpecialForm
def ReadOnly(self, parameters):
    """A key of a TypedDict that is not set."""
    return _GenericAlias(self, (_type_check(parameters, f"{self._name} accepts only a single type."),))


@_SpecialForm
def Unpack(self, parameters):
    """`*` of a TypeVarTuple or a tuple; the keywords of a TypedDict."""
    return _UnpackGenericAlias(self, (_type_check(parameters, f"{self} accepts only single type."),))


@_TypedCacheSpecialForm
@_tp_cache(typed=True)
def Annotated(self, *params):
    """A type with remarks."""
    if len(params) < 2:
        raise TypeError("Annotated[...] should be used with at least two arguments (a type and an annotation).")
    if _is_unpacked_typevartuple(params[0]):
        raise TypeError("Annotated[...] should not be used with an unpacked TypeVarTuple")
    origin = _type_check(params[0], "Annotated[t, ...]: t must be a type.", allow_special_forms=True)
    return _AnnotatedAlias(origin, tuple(params[1:]))


class ForwardRef(_Final, _root=True):
    """A type that is written as text, evaluated later."""

    __slots__ = (
        "__forward_arg__", "__forward_code__", "__forward_evaluated__", "__forward_value__", "__forward_is_argument__",
        "__forward_is_class__", "__forward_module__",
    )

    def __init__(self, arg, is_argument=True, module=None, *, is_class=False):
        if not isinstance(arg, str):
            raise TypeError(f"Forward reference must be a string -- got {arg!r}")
        # `*Ts` alone is no expression.
        text = f"({arg},)[0]" if arg.startswith("*") else arg
        try:
            code = compile(text, "<string>", "eval")
        except SyntaxError:
            raise SyntaxError(f"Forward reference must be an expression -- got {arg!r}") from None
        self.__forward_arg__ = arg
        self.__forward_code__ = code
        self.__forward_evaluated__ = False
        self.__forward_value__ = None
        self.__forward_is_argument__ = is_argument
        self.__forward_is_class__ = is_class
        self.__forward_module__ = module

    def _evaluate(self, globalns, localns, type_params=(), *, recursive_guard):
        if self.__forward_arg__ in recursive_guard:
            return self
        if self.__forward_evaluated__ and localns is globalns:
            return self.__forward_value__
        if globalns is None and localns is None:
            globalns = localns = {}
        elif globalns is None:
            globalns = localns
        elif localns is None:
            localns = globalns
        if self.__forward_module__ is not None:
            globalns = getattr(sys.modules.get(self.__forward_module__, None), "__dict__", globalns)
        if type_params:
            # The names of type parameters hide globals, and in classes locals too.
            globalns, localns = dict(globalns), dict(localns)
            for param in type_params:
                name = param.__name__
                if not self.__forward_is_class__ or name not in globalns:
                    globalns[name] = param
                    localns.pop(name, None)
        type_ = _type_check(
            eval(self.__forward_code__, globalns, localns),
            "Forward references must evaluate to types.",
            is_argument=self.__forward_is_argument__,
            allow_special_forms=self.__forward_is_class__,
        )
        self.__forward_value__ = _eval_type(
            type_, globalns, localns, type_params, recursive_guard=(recursive_guard | {self.__forward_arg__})
        )
        self.__forward_evaluated__ = True
        return self.__forward_value__

    def __eq__(self, other):
        if not isinstance(other, ForwardRef):
            return NotImplemented
        if self.__forward_evaluated__ and other.__forward_evaluated__:
            return self.__forward_arg__ == other.__forward_arg__ and self.__forward_value__ == other.__forward_value__
        return (
            self.__forward_arg__ == other.__forward_arg__ and self.__forward_module__ == other.__forward_module__
        )

    def __hash__(self):
        return hash((self.__forward_arg__, self.__forward_module__))

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]

    def __repr__(self):
        module = "" if self.__forward_module__ is None else f", module={self.__forward_module__!r}"
        return f"ForwardRef({self.__forward_arg__!r}{module})"


def _eval_type(t, globalns, localns, type_params=(), *, recursive_guard=frozenset()):
    """A type with all forward references in it evaluated."""
    if isinstance(t, ForwardRef):
        return t._evaluate(globalns, localns, type_params, recursive_guard=recursive_guard)
    if not isinstance(t, (_GenericAlias, GenericAlias, UnionType)):
        return t
    if isinstance(t, GenericAlias):
        is_unpacked = t.__unpacked__
        args = tuple(ForwardRef(arg) if isinstance(arg, str) else arg for arg in t.__args__)
        if _should_unflatten_callable_args(t, args):
            t = t.__origin__[(list(args[:-1]), args[-1])]
        else:
            t = t.__origin__[args]
        if is_unpacked:
            t = Unpack[t]
    args = tuple(_eval_type(a, globalns, localns, type_params, recursive_guard=recursive_guard) for a in t.__args__)
    if args == t.__args__:
        return t
    if isinstance(t, GenericAlias):
        if _should_unflatten_callable_args(t, args):
            return t.__origin__[(list(args[:-1]), args[-1])]
        return GenericAlias(t.__origin__, args)
    if isinstance(t, UnionType):
        made = args[0]
        for arg in args[1:]:
            made = made | arg
        return made
    return t.copy_with(args)


def _should_unflatten_callable_args(t, args):
    return t.__origin__ is _collections_abc.Callable and not (len(args) == 2 and _is_param_expr(args[0]))


# ----- What the natives of type parameters ask for -----


class ParamSpecArgs(_Final, _root=True):
    """The `P.args` of a ParamSpec P."""

    def __init__(self, origin):
        self.__origin__ = origin

    def __eq__(self, other):
        if not isinstance(other, ParamSpecArgs):
            return NotImplemented
        return self.__origin__ == other.__origin__

    def __hash__(self):
        return hash(("args", self.__origin__))

    def __repr__(self):
        name = self.__origin__.__name__ if isinstance(self.__origin__, ParamSpec) else repr(self.__origin__)
        return f"{name}.args"

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass an instance of {type(self).__name__}")


class ParamSpecKwargs(_Final, _root=True):
    """The `P.kwargs` of a ParamSpec P."""

    def __init__(self, origin):
        self.__origin__ = origin

    def __eq__(self, other):
        if not isinstance(other, ParamSpecKwargs):
            return NotImplemented
        return self.__origin__ == other.__origin__

    def __hash__(self):
        return hash(("kwargs", self.__origin__))

    def __repr__(self):
        name = self.__origin__.__name__ if isinstance(self.__origin__, ParamSpec) else repr(self.__origin__)
        return f"{name}.kwargs"

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass an instance of {type(self).__name__}")


def _check_parameter(bound, constraints, default):
    """Bound, constraints and default of a type parameter, checked."""
    if bound is not None:
        bound = _type_check(bound, "Bound must be a type.")
    if constraints:
        constraints = tuple(
            _type_check(t, "TypeVar(name, constraint, ...): constraints must be types.") for t in constraints
        )
    return bound, constraints, default


def _typevar_subst(self, arg):
    arg = _type_check(arg, "Parameters to generic types must be types.", is_argument=True)
    is_unpacked = isinstance(arg, GenericAlias) and getattr(arg, "__unpacked__", False)
    if is_unpacked or isinstance(arg, _GenericAlias) and arg.__origin__ is Unpack:
        raise TypeError(f"{arg} is not valid as type argument")
    return arg


def _typevar_prepare_subst(self, alias, args):
    at = alias.__parameters__.index(self)
    if at < len(args):
        return args
    if at == len(args) and self.has_default():
        return (*args, self.__default__)
    least = sum(not param.has_default() for param in alias.__parameters__)
    raise TypeError(f"Too few arguments for {alias}; actual {len(args)}, expected at least {least}")


def _typevartuple_prepare_subst(self, alias, args):
    """The arguments that belong to `*Ts`, as one tuple in its place."""
    params = alias.__parameters__
    at = params.index(self)
    for param in params[at + 1 :]:
        if isinstance(param, TypeVarTuple):
            raise TypeError(f"More than one TypeVarTuple parameter in {alias}")
    n_args, n_params = len(args), len(params)
    left, right = at, n_params - at - 1
    endless = filling = None
    for k, arg in enumerate(args):
        if not isinstance(arg, type):
            inner = getattr(arg, "__typing_unpacked_tuple_args__", None)
            if inner and len(inner) == 2 and inner[-1] is ...:
                if endless is not None:
                    raise TypeError("More than one unpacked arbitrary-length tuple argument")
                endless = k
                filling = inner[0]
    if endless is not None:
        # It gives as many types as are wanted.
        left = min(left, endless)
        right = min(right, n_args - endless - 1)
    elif left + right > n_args:
        raise TypeError(f"Too few arguments for {alias}; actual {n_args}, expected at least {n_params - 1}")
    if left == n_args - right and self.has_default():
        replacement = tuple(_unpack_args(self.__default__))
    else:
        replacement = args[left : n_args - right]
    return (
        *args[:left],
        *([filling] * (at - left)),
        replacement,
        *([filling] * (n_params - at - 1 - right)),
        *args[n_args - right :],
    )


def _paramspec_subst(self, arg):
    if isinstance(arg, (list, tuple)):
        return tuple(_type_check(a, "Expected a type.") for a in arg)
    if not _is_param_expr(arg):
        raise TypeError(f"Expected a list of types, an ellipsis, ParamSpec, or Concatenate. Got {arg}")
    return arg


def _paramspec_prepare_subst(self, alias, args):
    params = alias.__parameters__
    i = params.index(self)
    if i == len(args) and self.has_default():
        args = (*args, self.__default__)
    if i >= len(args):
        raise TypeError(f"Too few arguments for {alias}")
    if len(params) == 1 and not _is_param_expr(args[0]):
        # `C[int, str]` is `C[[int, str]]`.
        return (args,)
    if isinstance(args[i], list):
        return (*args[:i], tuple(args[i]), *args[i + 1 :])
    return args


def _iter_typevartuple(self):
    return iter((Unpack[self],))


def _declare_generic(params):
    """`Generic[T, *Ts]` of a class with a list of type parameters."""
    return Generic[tuple(Unpack[p] if isinstance(p, TypeVarTuple) else p for p in params)]


def _generic_class_getitem(cls, args):
    """`cls[args]` of a generic class."""
    if not isinstance(args, tuple):
        args = (args,)
    args = tuple(_type_convert(p) for p in args)
    if cls in (Generic, Protocol):
        if not args:
            raise TypeError(f"Parameter list to {cls.__qualname__}[...] cannot be empty")
        if not all(_is_typevar_like(p) for p in args):
            raise TypeError(
                f"Parameters to {cls.__name__}[...] must all be type variables or parameter specification variables."
            )
        if len(set(args)) != len(args):
            raise TypeError(f"Parameters to {cls.__name__}[...] must all be unique")
        return _GenericAlias(cls, args)
    params = cls.__parameters__
    for param in params:
        prepare = getattr(param, "__typing_prepare_subst__", None)
        if prepare is not None:
            args = prepare(cls, args)
    _check_generic_specialization(cls, args)
    found = []
    for param, arg in zip(params, args):
        if isinstance(param, TypeVarTuple):
            found.extend(arg)
        else:
            found.append(arg)
    return _GenericAlias(cls, tuple(found))


def _check_generic_specialization(cls, arguments):
    params = cls.__parameters__
    expected = len(params)
    if not expected:
        raise TypeError(f"{cls} is not a generic class")
    actual = len(arguments)
    if actual == expected:
        return
    shown = expected
    if actual < expected:
        if params[actual].has_default():
            return
        n_defaults = sum(p.has_default() for p in params)
        if n_defaults:
            shown = f"at least {expected - n_defaults}"
    few = "many" if actual > expected else "few"
    raise TypeError(f"Too {few} arguments for {cls}; actual {actual}, expected {shown}")


def _generic_init_subclass(cls, *args, **kwargs):
    """Finds out `__parameters__` of a new generic class."""
    super(Generic, cls).__init_subclass__(*args, **kwargs)
    bases = cls.__dict__.get("__orig_bases__")
    if bases is not None:
        error = Generic in bases
    else:
        error = Generic in cls.__bases__ and cls.__name__ != "Protocol" and type(cls) != _TypedDictMeta
    if error:
        raise TypeError("Cannot inherit from plain Generic")
    params = ()
    if bases is not None:
        params = _collect_type_parameters(bases)
        declared = None
        for base in bases:
            if isinstance(base, _GenericAlias) and base.__origin__ in (Generic, Protocol):
                if declared is not None:
                    raise TypeError("Cannot inherit from Generic[...] multiple times.")
                declared = base.__parameters__
                the_base = base.__origin__.__name__
        if declared is not None:
            missing = [str(t) for t in params if t not in declared]
            if missing:
                listed = ", ".join(str(g) for g in declared)
                raise TypeError(f"Some type variables ({', '.join(missing)}) are not listed in {the_base}[{listed}]")
            params = declared
    cls.__parameters__ = tuple(params)


def _subscript_alias(alias, item):
    """`alias[item]` of a types.GenericAlias: its parameters replaced."""
    args = _substituted(alias, alias.__args__, alias.__parameters__, item)
    made = GenericAlias(alias.__origin__, args)
    return next(iter(made)) if alias.__unpacked__ else made


def _subscript_union(union, item):
    """The same of `X | Y`."""
    args = _substituted(union, union.__args__, union.__parameters__, item)
    made = args[0]
    for arg in args[1:]:
        made = made | arg
    return made


def _substituted(alias, args, params, item):
    if not params:
        raise TypeError(f"{alias!r} is not a generic class")
    given = tuple(_unpack_args(*(item if isinstance(item, tuple) else (item,))))
    for param in params:
        prepare = getattr(param, "__typing_prepare_subst__", None)
        if prepare is not None:
            given = prepare(alias, given)
    n_given, n_params = len(given), len(params)
    if n_given != n_params:
        few = "many" if n_given > n_params else "few"
        raise TypeError(f"Too {few} arguments for {alias!r}; actual {n_given}, expected {n_params}")
    return tuple(_replaced(alias, args, dict(zip(params, given))))


def _replaced(alias, args, given):
    """The arguments with parameters replaced."""
    found = []
    is_callable = getattr(alias, "__origin__", None) is _collections_abc.Callable
    for old in args:
        if isinstance(old, type):
            found.append(old)
            continue
        subst = getattr(old, "__typing_subst__", None)
        if subst is not None:
            new = subst(given[old])
        else:
            inner = getattr(old, "__parameters__", ())
            if not inner:
                new = old
            else:
                item = []
                for x in inner:
                    if isinstance(x, TypeVarTuple):
                        item.extend(given[x])
                    else:
                        item.append(given[x])
                new = old[tuple(item)]
        if is_callable and isinstance(new, tuple):
            # The parameters of a Callable stand flat before its result.
            found.extend(new)
        elif _is_unpacked_typevartuple(old):
            found.extend(new)
        elif isinstance(old, tuple):
            found.append(tuple(_replaced(alias, old, given)))
        else:
            found.append(new)
    return found


# ----- Aliases -----


class _BaseGenericAlias(_Final, _root=True):
    """`List`, `List[int]` and what else stands for a class."""

    # Set on the alias itself; everything else on the class it stands for.
    _own = frozenset({"_name", "_inst", "_nparams", "_defaults"})

    def __init__(self, origin, *, inst=True, name=None):
        self._inst = inst
        self._name = name
        self.__origin__ = origin
        self.__slots__ = None

    def __call__(self, *args, **kwargs):
        if not self._inst:
            raise TypeError(
                f"Type {self._name} cannot be instantiated; use {self.__origin__.__name__}() instead"
            )
        result = self.__origin__(*args, **kwargs)
        try:
            result.__orig_class__ = self
        except Exception:
            # It takes no attributes.
            pass
        return result

    def __mro_entries__(self, bases):
        found = []
        if self.__origin__ not in bases:
            found.append(self.__origin__)
        for b in bases[bases.index(self) + 1 :]:
            if isinstance(b, _BaseGenericAlias):
                break
            if not isinstance(b, type):
                entries = getattr(b, "__mro_entries__", None)
                entries = entries(bases) if entries else None
                if isinstance(entries, tuple) and any(isinstance(e, type) and issubclass(e, Generic) for e in entries):
                    break
            elif issubclass(b, Generic):
                break
        else:
            found.append(Generic)
        return tuple(found)

    def __getattr__(self, attr):
        if attr in {"__name__", "__qualname__"}:
            return self._name or self.__origin__.__name__
        if "__origin__" in self.__dict__ and not _is_dunder(attr):
            return getattr(self.__origin__, attr)
        raise AttributeError(attr)

    def __setattr__(self, attr, val):
        if _is_dunder(attr) or attr in _BaseGenericAlias._own:
            super().__setattr__(attr, val)
        else:
            setattr(self.__origin__, attr, val)

    def __instancecheck__(self, obj):
        return self.__subclasscheck__(type(obj))

    def __subclasscheck__(self, cls):
        raise TypeError("Subscripted generics cannot be used with class and instance checks")

    def __dir__(self):
        return list(set(super().__dir__() + [attr for attr in dir(self.__origin__) if not _is_dunder(attr)]))


class _GenericAlias(_BaseGenericAlias, _root=True):
    """A class or a special form with arguments."""

    def __init__(self, origin, args, *, inst=True, name=None):
        super().__init__(origin, inst=inst, name=name)
        if not isinstance(args, tuple):
            args = (args,)
        self.__args__ = tuple(... if a is _TypingEllipsis else a for a in args)
        self.__parameters__ = _collect_type_parameters(
            args, enforce_default_ordering=origin is Generic or origin is _protocol
        )
        if not name:
            self.__module__ = origin.__module__

    def __eq__(self, other):
        if not isinstance(other, _GenericAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self.__origin__, self.__args__))

    def __or__(self, right):
        return Union[self, right]

    def __ror__(self, left):
        return Union[left, self]

    @_tp_cache
    def __getitem__(self, args):
        if self.__origin__ in (Generic, Protocol):
            raise TypeError(f"Cannot subscript already-subscripted {self}")
        if not self.__parameters__:
            raise TypeError(f"{self} is not a generic class")
        if not isinstance(args, tuple):
            args = (args,)
        args = tuple(_type_convert(p) for p in args)
        return self.copy_with(_substituted(_Text(self), self.__args__, self.__parameters__, args))

    def copy_with(self, args):
        return self.__class__(self.__origin__, args, name=self._name, inst=self._inst)

    def __repr__(self):
        name = "typing." + self._name if self._name else _type_repr(self.__origin__)
        args = ", ".join(map(_type_repr, self.__args__)) if self.__args__ else "()"
        return f"{name}[{args}]"

    def __reduce__(self):
        import operator

        origin = getattr(sys.modules[__name__], self._name) if self._name else self.__origin__
        args = tuple(self.__args__)
        if len(args) == 1 and not isinstance(args[0], tuple):
            (args,) = args
        return operator.getitem, (origin, args)

    def __mro_entries__(self, bases):
        if isinstance(self.__origin__, _SpecialForm):
            raise TypeError(f"Cannot subclass {self!r}")
        if self._name:
            return super().__mro_entries__(bases)
        if self.__origin__ is Generic:
            if Protocol in bases:
                return ()
            for b in bases[bases.index(self) + 1 :]:
                if isinstance(b, _BaseGenericAlias) and b is not self:
                    return ()
        return (self.__origin__,)

    def __iter__(self):
        yield Unpack[self]


class _Text:
    """An alias for messages and for those who ask for its parameters."""

    __slots__ = ("_alias",)

    def __init__(self, alias):
        self._alias = alias

    def __repr__(self):
        return repr(self._alias)

    __str__ = __repr__

    @property
    def __parameters__(self):
        return self._alias.__parameters__

    @property
    def __origin__(self):
        return self._alias.__origin__


# Until Protocol is there.
_protocol = None


class _SpecialGenericAlias(_NotIterable, _BaseGenericAlias, _root=True):
    """`List` without arguments."""

    def __init__(self, origin, nparams, *, inst=True, name=None, defaults=()):
        if name is None:
            name = origin.__name__
        super().__init__(origin, inst=inst, name=name)
        self._nparams = nparams
        self._defaults = defaults
        self.__doc__ = f"A generic version of {origin.__module__}.{origin.__qualname__}."
        if origin.__module__ == "builtins":
            self.__doc__ = f"A generic version of {origin.__qualname__}."

    @_tp_cache
    def __getitem__(self, params):
        if not isinstance(params, tuple):
            params = (params,)
        params = tuple(_type_check(p, "Parameters to generic types must be types.") for p in params)
        n, defaults = self._nparams, self._defaults
        if defaults and len(params) < n <= len(params) + len(defaults):
            params = (*params, *defaults[len(params) - n :])
        actual = len(params)
        if actual != n:
            if not n:
                raise TypeError(f"{self} is not a generic class")
            expected = f"at least {n - len(defaults)}" if defaults else str(n)
            few = "many" if actual > n else "few"
            raise TypeError(f"Too {few} arguments for {self}; actual {actual}, expected {expected}")
        return self.copy_with(params)

    def copy_with(self, params):
        return _GenericAlias(self.__origin__, params, name=self._name, inst=self._inst)

    def __repr__(self):
        return "typing." + self._name

    def __subclasscheck__(self, cls):
        if isinstance(cls, _SpecialGenericAlias):
            return issubclass(cls.__origin__, self.__origin__)
        if not isinstance(cls, _GenericAlias):
            return issubclass(cls, self.__origin__)
        return super().__subclasscheck__(cls)

    def __reduce__(self):
        return self._name

    def __or__(self, right):
        return Union[self, right]

    def __ror__(self, left):
        return Union[left, self]


class _CallableGenericAlias(_NotIterable, _GenericAlias, _root=True):
    def __repr__(self):
        args = self.__args__
        if len(args) == 2 and _is_param_expr(args[0]):
            return super().__repr__()
        return f"typing.Callable[[{', '.join(map(_type_repr, args[:-1]))}], {_type_repr(args[-1])}]"

    def __reduce__(self):
        import operator

        args = self.__args__
        if not (len(args) == 2 and _is_param_expr(args[0])):
            args = list(args[:-1]), args[-1]
        return operator.getitem, (Callable, args)


class _CallableType(_SpecialGenericAlias, _root=True):
    def copy_with(self, params):
        return _CallableGenericAlias(self.__origin__, params, name=self._name, inst=self._inst)

    def __getitem__(self, params):
        if not isinstance(params, tuple) or len(params) != 2:
            raise TypeError("Callable must be used as Callable[[arg, ...], result].")
        args, result = params
        return self._made(tuple(args) if isinstance(args, list) else args, result)

    @_tp_cache
    def _made(self, args, result):
        result = _type_check(result, "Callable[args, result]: result must be a type.")
        if args is ...:
            return self.copy_with((_TypingEllipsis, result))
        if not isinstance(args, tuple):
            args = (args,)
        return self.copy_with((*(_type_convert(arg) for arg in args), result))


class _TupleType(_SpecialGenericAlias, _root=True):
    @_tp_cache
    def __getitem__(self, params):
        if not isinstance(params, tuple):
            params = (params,)
        if len(params) >= 2 and params[-1] is ...:
            msg = "Tuple[t, ...]: t must be a type."
            return self.copy_with((*(_type_check(p, msg) for p in params[:-1]), _TypingEllipsis))
        msg = "Tuple[t0, t1, ...]: each t must be a type."
        return self.copy_with(tuple(_type_check(p, msg) for p in params))


class _UnionGenericAlias(_NotIterable, _GenericAlias, _root=True):
    def copy_with(self, params):
        return Union[params]

    def __eq__(self, other):
        if not isinstance(other, (_UnionGenericAlias, UnionType)):
            return NotImplemented
        try:
            return set(self.__args__) == set(other.__args__)
        except TypeError:
            return all(a in other.__args__ for a in self.__args__) and all(a in self.__args__ for a in other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def __repr__(self):
        args = self.__args__
        if len(args) == 2:
            if args[0] is NoneType:
                return f"typing.Optional[{_type_repr(args[1])}]"
            if args[1] is NoneType:
                return f"typing.Optional[{_type_repr(args[0])}]"
        return f"typing.Union[{', '.join(map(_type_repr, args))}]"

    def __instancecheck__(self, obj):
        return any(isinstance(obj, cls) for cls in self.__args__)

    def __subclasscheck__(self, cls):
        return any(issubclass(cls, arg) for arg in self.__args__)

    def __reduce__(self):
        import operator

        return operator.getitem, (Union, self.__args__)


class _LiteralGenericAlias(_GenericAlias, _root=True):
    def __eq__(self, other):
        if not isinstance(other, _LiteralGenericAlias):
            return NotImplemented
        return set(_value_and_type_iter(self.__args__)) == set(_value_and_type_iter(other.__args__))

    def __hash__(self):
        return hash(frozenset(_value_and_type_iter(self.__args__)))

    def __repr__(self):
        return f"typing.Literal[{', '.join(map(_type_repr, self.__args__)) or '()'}]"


class _ConcatenateGenericAlias(_GenericAlias, _root=True):
    def copy_with(self, params):
        if isinstance(params[-1], (list, tuple)):
            return (*params[:-1], *params[-1])
        if isinstance(params[-1], _ConcatenateGenericAlias):
            params = (*params[:-1], *params[-1].__args__)
        return super().copy_with(params)


class _UnpackGenericAlias(_GenericAlias, _root=True):
    def __repr__(self):
        return f"typing.Unpack[{_type_repr(self.__args__[0])}]"

    def __getitem__(self, args):
        if self.__typing_is_unpacked_typevartuple__:
            return args
        return super().__getitem__(args)

    @property
    def __typing_unpacked_tuple_args__(self):
        (arg,) = self.__args__
        if isinstance(arg, (_GenericAlias, GenericAlias)):
            if arg.__origin__ is not tuple:
                raise TypeError("Unpack[...] must be used with a tuple type")
            return arg.__args__
        return None

    @property
    def __typing_is_unpacked_typevartuple__(self):
        return isinstance(self.__args__[0], TypeVarTuple)


class _AnnotatedAlias(_NotIterable, _GenericAlias, _root=True):
    """A type with remarks; the type is the only argument."""

    def __init__(self, origin, metadata):
        if isinstance(origin, _AnnotatedAlias):
            metadata = origin.__metadata__ + metadata
            origin = origin.__origin__
        super().__init__(origin, origin, name="Annotated")
        self.__metadata__ = metadata

    def copy_with(self, params):
        (origin,) = params
        return _AnnotatedAlias(origin, self.__metadata__)

    def __repr__(self):
        return f"typing.Annotated[{_type_repr(self.__origin__)}, {', '.join(map(repr, self.__metadata__))}]"

    def __reduce__(self):
        import operator

        return operator.getitem, (Annotated, (self.__origin__,) + self.__metadata__)

    def __eq__(self, other):
        if not isinstance(other, _AnnotatedAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__metadata__ == other.__metadata__

    def __hash__(self):
        return hash((self.__origin__, self.__metadata__))

    def __getattr__(self, attr):
        if attr in {"__name__", "__qualname__"}:
            return "Annotated"
        return super().__getattr__(attr)

    def __mro_entries__(self, bases):
        return (self.__origin__,)


# ----- Protocols -----

_not_members = frozenset({
    "__parameters__", "__orig_bases__", "__orig_class__", "_is_protocol", "_is_runtime_protocol", "__protocol_attrs__",
    "__non_callable_proto_members__", "__type_params__", "__abstractmethods__", "__annotations__", "__dict__", "__doc__",
    "__init__", "__module__", "__new__", "__slots__", "__subclasshook__", "__weakref__", "__class_getitem__",
    "__match_args__", "__static_attributes__", "__firstlineno__", "_MutableMapping__marker", "__qualname__",
})

_no_protocols_but_allowed = {
    "collections.abc": [
        "Callable", "Awaitable", "Iterable", "Iterator", "AsyncIterable", "AsyncIterator", "Hashable", "Sized",
        "Container", "Collection", "Reversible", "Buffer",
    ],
    "contextlib": ["AbstractContextManager", "AbstractAsyncContextManager"],
}

_not_runtime = "Instance and class checks can only be used with @runtime_checkable protocols"


def _get_protocol_attrs(cls):
    """The names of the members of a protocol."""
    attrs = set()
    for base in cls.__mro__[:-1]:
        if base.__name__ in {"Protocol", "Generic"}:
            continue
        for attr in (*base.__dict__, *getattr(base, "__annotations__", {})):
            if not attr.startswith("_abc_") and attr not in _not_members:
                attrs.add(attr)
    return attrs


def _no_init_or_replace_init(self, *args, **kwargs):
    cls = type(self)
    if cls._is_protocol:
        raise TypeError("Protocols cannot be instantiated")
    if cls.__init__ is not _no_init_or_replace_init:
        return
    # A class that is no protocol: the next __init__ that is a real one becomes its own.
    for base in cls.__mro__:
        init = base.__dict__.get("__init__", _no_init_or_replace_init)
        if init is not _no_init_or_replace_init:
            cls.__init__ = init
            break
    else:
        cls.__init__ = object.__init__
    cls.__init__(self, *args, **kwargs)


def _check_issubclass_arg(arg):
    if not isinstance(arg, type):
        raise TypeError("issubclass() arg 1 must be a class")


class _ProtocolMeta(ABCMeta):
    def __new__(mcls, name, bases, namespace, /, **kwargs):
        if name == "Protocol" and bases == (Generic,):
            pass
        elif {Protocol, Generic} & set(bases):
            for base in bases:
                if not (
                    base in {object, Generic}
                    or base.__name__ in _no_protocols_but_allowed.get(base.__module__, [])
                    or (issubclass(base, Generic) and getattr(base, "_is_protocol", False))
                ):
                    raise TypeError(f"Protocols can only inherit from other protocols, got {base!r}")
        return super().__new__(mcls, name, bases, namespace, **kwargs)

    def __init__(cls, *args, **kwargs):
        if getattr(cls, "_is_protocol", False):
            cls.__protocol_attrs__ = _get_protocol_attrs(cls)

    def __subclasscheck__(cls, other):
        if cls is Protocol:
            return type.__subclasscheck__(cls, other)
        if getattr(cls, "_is_protocol", False) and not _abc_is_walking():
            if not getattr(cls, "_is_runtime_protocol", False):
                _check_issubclass_arg(other)
                raise TypeError(_not_runtime)
            if cls.__non_callable_proto_members__ and cls.__dict__.get("__subclasshook__") is _proto_hook:
                _check_issubclass_arg(other)
                names = str(sorted(cls.__non_callable_proto_members__))[1:-1]
                raise TypeError(
                    "Protocols with non-method members don't support issubclass()."
                    f" Non-method members: {names}."
                )
        return _abc_subclasscheck(cls, other)

    def __instancecheck__(cls, instance):
        if cls is Protocol:
            return type.__instancecheck__(cls, instance)
        if not getattr(cls, "_is_protocol", False):
            return _abc_instancecheck(cls, instance)
        if not getattr(cls, "_is_runtime_protocol", False) and not _abc_is_walking():
            raise TypeError(_not_runtime)
        if _abc_instancecheck(cls, instance):
            return True
        from inspect import getattr_static

        for attr in cls.__protocol_attrs__:
            try:
                val = getattr_static(instance, attr)
            except AttributeError:
                return False
            # None in place of a method blocks it.
            if val is None and attr not in cls.__non_callable_proto_members__:
                return False
        return True


@classmethod
def _proto_hook(cls, other):
    if not cls.__dict__.get("_is_protocol", False):
        return NotImplemented
    for attr in cls.__protocol_attrs__:
        for base in other.__mro__:
            if attr in base.__dict__:
                if base.__dict__[attr] is None:
                    return NotImplemented
                break
            annotations = getattr(base, "__annotations__", {})
            if (
                isinstance(annotations, _collections_abc.Mapping)
                and attr in annotations
                and issubclass(other, Generic)
                and getattr(other, "_is_protocol", False)
            ):
                break
        else:
            return NotImplemented
    return True


class Protocol(Generic, metaclass=_ProtocolMeta):
    """A class that says what others must have."""

    __slots__ = ()
    _is_protocol = True
    _is_runtime_protocol = False

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        if not cls.__dict__.get("_is_protocol", False):
            cls._is_protocol = any(b is Protocol for b in cls.__bases__)
        if "__subclasshook__" not in cls.__dict__:
            cls.__subclasshook__ = _proto_hook
        if cls._is_protocol and cls.__init__ is Protocol.__init__:
            cls.__init__ = _no_init_or_replace_init


_protocol = Protocol


def runtime_checkable(cls):
    """Lets isinstance() look whether an object has all members of a protocol."""
    if not ((isinstance(cls, type) and issubclass(cls, Generic)) and getattr(cls, "_is_protocol", False)):
        raise TypeError(f"@runtime_checkable can be only applied to protocol classes, got {cls!r}")
    cls._is_runtime_protocol = True
    if isinstance(cls, _ProtocolMeta):
        cls.__non_callable_proto_members__ = set()
        for attr in cls.__protocol_attrs__:
            try:
                is_callable = callable(getattr(cls, attr, None))
            except Exception as e:
                raise TypeError(f"Failed to determine whether protocol member {attr!r} is a method member") from e
            if not is_callable:
                cls.__non_callable_proto_members__.add(attr)
    return cls


def is_protocol(tp, /):
    """Whether a class is a protocol."""
    return isinstance(tp, type) and getattr(tp, "_is_protocol", False) and tp is not Protocol


def get_protocol_members(tp, /):
    """The names of the members of a protocol, as a frozenset."""
    if not is_protocol(tp):
        raise TypeError(f"{tp!r} is not a Protocol")
    return frozenset(tp.__protocol_attrs__)


# ----- The generic versions of classes -----

T = TypeVar("T")
KT = TypeVar("KT")
VT = TypeVar("VT")
T_co = TypeVar("T_co", covariant=True)
V_co = TypeVar("V_co", covariant=True)
VT_co = TypeVar("VT_co", covariant=True)
T_contra = TypeVar("T_contra", contravariant=True)
CT_co = TypeVar("CT_co", covariant=True, bound=type)
AnyStr = TypeVar("AnyStr", bytes, str)

_alias = _SpecialGenericAlias
_c = _collections_abc

Hashable = _alias(_c.Hashable, 0)
Awaitable = _alias(_c.Awaitable, 1)
Coroutine = _alias(_c.Coroutine, 3)
AsyncIterable = _alias(_c.AsyncIterable, 1)
AsyncIterator = _alias(_c.AsyncIterator, 1)
Iterable = _alias(_c.Iterable, 1)
Iterator = _alias(_c.Iterator, 1)
Reversible = _alias(_c.Reversible, 1)
Sized = _alias(_c.Sized, 0)
Container = _alias(_c.Container, 1)
Collection = _alias(_c.Collection, 1)
Callable = _CallableType(_c.Callable, 2)
AbstractSet = _alias(_c.Set, 1, name="AbstractSet")
MutableSet = _alias(_c.MutableSet, 1)
Mapping = _alias(_c.Mapping, 2)
MutableMapping = _alias(_c.MutableMapping, 2)
Sequence = _alias(_c.Sequence, 1)
MutableSequence = _alias(_c.MutableSequence, 1)
ByteString = _alias(_c.ByteString, 0)
Tuple = _TupleType(tuple, -1, inst=False, name="Tuple")
List = _alias(list, 1, inst=False, name="List")
Deque = _alias(_deque, 1, name="Deque")
Set = _alias(set, 1, inst=False, name="Set")
FrozenSet = _alias(frozenset, 1, inst=False, name="FrozenSet")
MappingView = _alias(_c.MappingView, 1)
KeysView = _alias(_c.KeysView, 1)
ItemsView = _alias(_c.ItemsView, 2)
ValuesView = _alias(_c.ValuesView, 1)
Dict = _alias(dict, 2, inst=False, name="Dict")
DefaultDict = _alias(_defaultdict, 2, name="DefaultDict")
OrderedDict = _alias(_OrderedDict, 2)
Generator = _alias(_c.Generator, 3, defaults=(NoneType, NoneType))
AsyncGenerator = _alias(_c.AsyncGenerator, 2, defaults=(NoneType,))
Type = _alias(type, 1, inst=False, name="Type")


def __getattr__(attr):
    """What needs another module, made when it is first asked for."""
    if attr in ("Counter", "ChainMap"):
        import collections

        made = _alias(getattr(collections, attr), 1 if attr == "Counter" else 2)
    elif attr in ("ContextManager", "AsyncContextManager"):
        import contextlib

        made = _alias(getattr(contextlib, "Abstract" + attr), 2, name=attr, defaults=(bool | None,))
    elif attr in ("Pattern", "Match"):
        import re

        made = _alias(getattr(re, attr), 1)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {attr!r}")
    sys.modules[__name__].__dict__[attr] = made
    return made


@runtime_checkable
class SupportsInt(Protocol):
    """Has `__int__`."""

    __slots__ = ()

    @abstractmethod
    def __int__(self) -> int:
        pass


@runtime_checkable
class SupportsFloat(Protocol):
    """Has `__float__`."""

    __slots__ = ()

    @abstractmethod
    def __float__(self) -> float:
        pass


@runtime_checkable
class SupportsComplex(Protocol):
    """Has `__complex__`."""

    __slots__ = ()

    @abstractmethod
    def __complex__(self) -> complex:
        pass


@runtime_checkable
class SupportsBytes(Protocol):
    """Has `__bytes__`."""

    __slots__ = ()

    @abstractmethod
    def __bytes__(self) -> bytes:
        pass


@runtime_checkable
class SupportsIndex(Protocol):
    """Has `__index__`."""

    __slots__ = ()

    @abstractmethod
    def __index__(self) -> int:
        pass


@runtime_checkable
class SupportsAbs[T](Protocol):
    """Has `__abs__`."""

    __slots__ = ()

    @abstractmethod
    def __abs__(self) -> T:
        pass


@runtime_checkable
class SupportsRound[T](Protocol):
    """Has `__round__`."""

    __slots__ = ()

    @abstractmethod
    def __round__(self, ndigits: int = 0) -> T:
        pass


# ----- Named tuples -----


def _make_nmtuple(name, types, module, defaults=()):
    from collections import namedtuple

    fields = [n for n, t in types]
    types = {n: _type_check(t, f"field {n} annotation must be a type") for n, t in types}
    made = namedtuple(name, fields, defaults=defaults, module=module)
    made.__annotations__ = made.__new__.__annotations__ = types
    return made


_prohibited = frozenset({
    "__new__", "__init__", "__slots__", "__getnewargs__", "_fields", "_field_defaults", "_field_types", "_make",
    "_replace", "_asdict", "_source",
})
_special = frozenset({"__module__", "__name__", "__annotations__", "__qualname__"})


class NamedTupleMeta(type):
    def __new__(cls, typename, bases, ns):
        if _NamedTuple not in bases:
            raise AssertionError
        for base in bases:
            if base is not _NamedTuple and base is not Generic:
                raise TypeError("can only inherit from a NamedTuple type and Generic")
        bases = tuple(tuple if base is _NamedTuple else base for base in bases)
        types = ns.get("__annotations__", {})
        default_names = []
        for field_name in types:
            if field_name in ns:
                default_names.append(field_name)
            elif default_names:
                raise TypeError(
                    f"Non-default namedtuple field {field_name} "
                    f"cannot follow default field"
                    f"{'s' if len(default_names) > 1 else ''} "
                    f"{', '.join(default_names)}"
                )
        made = _make_nmtuple(
            typename, types.items(), defaults=[ns[n] for n in default_names], module=ns["__module__"]
        )
        made.__bases__ = bases
        if Generic in bases:
            made.__class_getitem__ = classmethod(_generic_class_getitem)
        for key, val in ns.items():
            if key in _prohibited:
                raise AttributeError("Cannot overwrite NamedTuple attribute " + key)
            if key not in _special and key not in made._fields:
                setattr(made, key, val)
                set_name = getattr(type(val), "__set_name__", None)
                if set_name is not None:
                    try:
                        set_name(val, made, key)
                    except BaseException as e:
                        e.add_note(
                            f"Error calling __set_name__ on {type(val).__name__!r} "
                            f"instance {key!r} in {typename!r}"
                        )
                        raise
        if Generic in bases:
            made.__init_subclass__()
        return made


def NamedTuple(typename, fields=_sentinel, /, **kwargs):
    """A tuple with names and types for its items: as a base class, or called with a list of pairs."""
    if fields is _sentinel:
        if kwargs:
            what = "Creating NamedTuple classes using keyword arguments"
            _warn_deprecated(
                f"{what} is deprecated and will be disallowed in Python 3.15. Use the class-based or functional syntax instead."
            )
        else:
            example = f"`{typename} = NamedTuple({typename!r}, [])`"
            _warn_deprecated(
                "Failing to pass a value for the 'fields' parameter is deprecated and will be disallowed in Python 3.15. "
                f"To create a NamedTuple class with 0 fields using the functional syntax, pass an empty list, e.g. {example}."
            )
    elif fields is None:
        if kwargs:
            raise TypeError("Cannot pass `None` as the 'fields' parameter and also specify fields using keyword arguments")
        example = f"`{typename} = NamedTuple({typename!r}, [])`"
        _warn_deprecated(
            "Passing `None` as the 'fields' parameter is deprecated and will be disallowed in Python 3.15. "
            f"To create a NamedTuple class with 0 fields using the functional syntax, pass an empty list, e.g. {example}."
        )
    elif kwargs:
        raise TypeError("Either list of fields or keywords can be provided to NamedTuple, not both")
    if fields is _sentinel or fields is None:
        fields = kwargs.items()
    made = _make_nmtuple(typename, list(fields), module=_caller())
    made.__orig_bases__ = (NamedTuple,)
    return made


def _warn_deprecated(message):
    import warnings

    warnings.warn(message, DeprecationWarning, stacklevel=1)


_NamedTuple = type.__new__(NamedTupleMeta, "NamedTuple", (), {})


def _namedtuple_mro_entries(bases):
    return (_NamedTuple,)


NamedTuple.__mro_entries__ = _namedtuple_mro_entries


# ----- Typed dicts -----


def _qualifiers_of(annotation_type):
    """The marks around the type of a key: Required, NotRequired, ReadOnly."""
    while True:
        origin = get_origin(annotation_type)
        if origin is Annotated:
            args = get_args(annotation_type)
            if not args:
                return
            annotation_type = args[0]
        elif origin in (Required, NotRequired, ReadOnly):
            yield origin
            (annotation_type,) = get_args(annotation_type)
        else:
            return


class _TypedDictMeta(type):
    def __new__(cls, name, bases, ns, total=True):
        for base in bases:
            if type(base) is not _TypedDictMeta and base is not Generic:
                raise TypeError("cannot inherit from both a TypedDict type and a non-TypedDict base class")
        generic_base = (Generic,) if any(issubclass(b, Generic) for b in bases) else ()
        made = type.__new__(_TypedDictMeta, name, (*generic_base, dict), ns)
        if not hasattr(made, "__orig_bases__"):
            made.__orig_bases__ = bases
        msg = "TypedDict('Name', {f0: t0, f1: t1, ...}); each t must be a type"
        own = {n: _type_check(tp, msg, module=made.__module__) for n, tp in ns.get("__annotations__", {}).items()}
        annotations = {}
        required, optional, readonly, mutable = set(), set(), set(), set()
        for base in bases:
            annotations.update(base.__dict__.get("__annotations__", {}))
            base_required = base.__dict__.get("__required_keys__", set())
            required |= base_required
            optional -= base_required
            base_optional = base.__dict__.get("__optional_keys__", set())
            required -= base_optional
            optional |= base_optional
            readonly.update(base.__dict__.get("__readonly_keys__", ()))
            mutable.update(base.__dict__.get("__mutable_keys__", ()))
        annotations.update(own)
        for key, annotation in own.items():
            qualifiers = set(_qualifiers_of(annotation))
            if Required in qualifiers:
                is_required = True
            elif NotRequired in qualifiers:
                is_required = False
            else:
                is_required = total
            if is_required:
                required.add(key)
                optional.discard(key)
            else:
                optional.add(key)
                required.discard(key)
            if ReadOnly in qualifiers:
                if key in mutable:
                    raise TypeError(f"Cannot override mutable key {key!r} with read-only key")
                readonly.add(key)
            else:
                mutable.add(key)
                readonly.discard(key)
        made.__annotations__ = annotations
        made.__required_keys__ = frozenset(required)
        made.__optional_keys__ = frozenset(optional)
        made.__readonly_keys__ = frozenset(readonly)
        made.__mutable_keys__ = frozenset(mutable)
        made.__total__ = total
        return made

    # A call makes a plain dict.
    __call__ = dict

    def __subclasscheck__(cls, other):
        raise TypeError("TypedDict does not support instance and class checks")

    __instancecheck__ = __subclasscheck__


def TypedDict(typename, fields=_sentinel, /, *, total=True):
    """A dict with types for its keys: as a base class, or called with a dict."""
    if fields is _sentinel or fields is None:
        import warnings

        if fields is _sentinel:
            what = "Failing to pass a value for the 'fields' parameter"
        else:
            what = "Passing `None` as the 'fields' parameter"
        _warn_deprecated(
            f"{what} is deprecated and will be disallowed in Python 3.15. "
            "To create a TypedDict class with 0 fields using the functional syntax, pass an empty dictionary, "
            f"e.g. `{typename} = TypedDict({typename!r}, {{}})`."
        )
        fields = {}
    ns = {"__annotations__": dict(fields)}
    module = _caller()
    if module is not None:
        ns["__module__"] = module
    made = _TypedDictMeta(typename, (), ns, total=total)
    made.__orig_bases__ = (TypedDict,)
    return made


_TypedDict = type.__new__(_TypedDictMeta, "TypedDict", (), {})
TypedDict.__mro_entries__ = lambda bases: (_TypedDict,)


def is_typeddict(tp):
    """Whether a class is a TypedDict."""
    return isinstance(tp, _TypedDictMeta) and tp is not TypedDict


# ----- Small ones -----


class NewType:
    """A name for a type, which a checker tells from it."""

    __call__ = staticmethod(lambda x, /: x)

    def __init__(self, name, tp):
        self.__qualname__ = name
        if "." in name:
            name = name.rpartition(".")[-1]
        self.__name__ = name
        self.__supertype__ = tp
        module = _caller()
        if module != "typing":
            self.__module__ = module

    def __call__(self, x, /):
        return x

    def __mro_entries__(self, bases):
        superclass_name = self.__name__

        class Dummy:
            def __init_subclass__(cls):
                subclass_name = cls.__name__
                raise TypeError(
                    f"Cannot subclass an instance of NewType. Perhaps you were looking for: "
                    f"`{subclass_name} = NewType({subclass_name!r}, {superclass_name})`"
                )

        return (Dummy,)

    def __repr__(self):
        return f"{self.__module__}.{self.__qualname__}"

    def __reduce__(self):
        return self.__qualname__

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]


def cast(typ, val):
    """The value itself."""
    return val


def assert_type(val, typ, /):
    """The value itself."""
    return val


def assert_never(arg, /):
    """Raises: the call should not be reached."""
    value = repr(arg)
    if len(value) > 100:
        value = value[:100] + "..."
    raise AssertionError(f"Expected code to be unreachable, but got: {value}")


def reveal_type(obj, /):
    """The object itself; its type is printed on the error stream."""
    print(f"Runtime type is {type(obj).__name__!r}", file=sys.stderr)
    return obj


def final(f):
    """Marks what is not overridden."""
    try:
        f.__final__ = True
    except (AttributeError, TypeError):
        pass
    return f


def override(method, /):
    """Marks what overrides."""
    try:
        method.__override__ = True
    except (AttributeError, TypeError):
        pass
    return method


def dataclass_transform(
    *, eq_default=True, order_default=False, kw_only_default=False, frozen_default=False, field_specifiers=(), **kwargs
):
    """Marks what makes classes like dataclasses."""

    def decorator(cls_or_fn):
        cls_or_fn.__dataclass_transform__ = {
            "eq_default": eq_default,
            "order_default": order_default,
            "kw_only_default": kw_only_default,
            "frozen_default": frozen_default,
            "field_specifiers": field_specifiers,
            "kwargs": kwargs,
        }
        return cls_or_fn

    return decorator


# Module → name of the function → line → the overload.
_overload_registry = _defaultdict(lambda: _defaultdict(dict))


def _overload_dummy(*args, **kwds):
    """What a call of an overload does."""
    raise NotImplementedError(
        "You should not call an overloaded function. "
        "A series of @overload-decorated functions "
        "outside a stub module should always be followed "
        "by an implementation that is not @overload-ed."
    )


def overload(func):
    """Marks one of several signatures; the function behind them is the real one."""
    f = getattr(func, "__func__", func)
    try:
        _overload_registry[f.__module__][f.__qualname__][f.__code__.co_firstlineno] = func
    except AttributeError:
        pass
    return _overload_dummy


def get_overloads(func):
    """The overloads of a function."""
    f = getattr(func, "__func__", func)
    if f.__module__ not in _overload_registry:
        return []
    return list(_overload_registry[f.__module__].get(f.__qualname__, {}).values())


def clear_overloads():
    """Forgets all overloads."""
    _overload_registry.clear()


def no_type_check(arg):
    """Marks a function or class whose annotations are no types."""
    if isinstance(arg, type):
        for key in dir(arg):
            obj = getattr(arg, key)
            if not hasattr(obj, "__qualname__") or obj.__qualname__ != f"{arg.__qualname__}.{obj.__name__}" or getattr(
                obj, "__module__", None
            ) != arg.__module__:
                # It belongs to another class.
                continue
            if isinstance(obj, FunctionType):
                obj.__no_type_check__ = True
            if isinstance(obj, MethodType):
                obj.__func__.__no_type_check__ = True
            if isinstance(obj, type):
                no_type_check(obj)
    try:
        arg.__no_type_check__ = True
    except TypeError:
        pass
    return arg


def no_type_check_decorator(decorator):
    """Makes a decorator that does no_type_check() too."""
    import functools

    _warn_deprecated(
        "'typing.no_type_check_decorator' is deprecated and slated for removal in Python 3.15"
    )

    @functools.wraps(decorator)
    def wrapped_decorator(*args, **kwds):
        return no_type_check(decorator(*args, **kwds))

    return wrapped_decorator


# ----- Reading -----


def get_origin(tp):
    """The class or form without its arguments; None for what has none."""
    if isinstance(tp, _AnnotatedAlias):
        return Annotated
    if isinstance(tp, (_BaseGenericAlias, GenericAlias, ParamSpecArgs, ParamSpecKwargs)):
        return tp.__origin__
    if tp is Generic:
        return Generic
    if isinstance(tp, UnionType):
        return UnionType
    return None


def get_args(tp):
    """The arguments."""
    if isinstance(tp, _AnnotatedAlias):
        return (tp.__origin__,) + tp.__metadata__
    if isinstance(tp, (_GenericAlias, GenericAlias)):
        args = tp.__args__
        if _should_unflatten_callable_args(tp, args):
            args = (list(args[:-1]), args[-1])
        return args
    if isinstance(tp, UnionType):
        return tp.__args__
    return ()


_allowed_types = (
    FunctionType, type(len), MethodType, ModuleType, type(object.__init__), MethodWrapperType, type(str.join),
)


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    """The annotations of a function, class or module with forward references evaluated."""
    if getattr(obj, "__no_type_check__", None):
        return {}
    if isinstance(obj, type):
        return _hints_of_class(obj, globalns, localns, include_extras)
    if globalns is None:
        if isinstance(obj, ModuleType):
            globalns = obj.__dict__
        else:
            nsobj = obj
            while hasattr(nsobj, "__wrapped__"):
                nsobj = nsobj.__wrapped__
            globalns = getattr(nsobj, "__globals__", {})
        if localns is None:
            localns = globalns
    elif localns is None:
        localns = globalns
    hints = getattr(obj, "__annotations__", None)
    if hints is None:
        if isinstance(obj, _allowed_types):
            return {}
        raise TypeError(f"{obj!r} is not a module, class, method, or function.")
    hints = dict(hints)
    type_params = getattr(obj, "__type_params__", ())
    for name, value in hints.items():
        if value is None:
            value = NoneType
        if isinstance(value, str):
            # A module's or class's annotations may have ClassVar and Final.
            value = ForwardRef(value, is_argument=not isinstance(obj, ModuleType), is_class=False)
        hints[name] = _eval_type(value, globalns, localns, type_params)
    return hints if include_extras else {k: _strip_annotations(t) for k, t in hints.items()}


def _hints_of_class(obj, globalns, localns, include_extras):
    hints = {}
    for base in reversed(obj.__mro__):
        base_globals = globalns
        if globalns is None:
            base_globals = getattr(sys.modules.get(base.__module__, None), "__dict__", {})
        annotations = base.__dict__.get("__annotations__", {})
        if not isinstance(annotations, dict):
            annotations = {}
        base_locals = dict(vars(base)) if localns is None else localns
        if localns is None and globalns is None:
            # Names of the class are asked last.
            base_globals, base_locals = base_locals, base_globals
        for name, value in annotations.items():
            if value is None:
                value = NoneType
            if isinstance(value, str):
                value = ForwardRef(value, is_argument=False, is_class=True)
            hints[name] = _eval_type(value, base_globals, base_locals, base.__type_params__)
    return hints if include_extras else {k: _strip_annotations(t) for k, t in hints.items()}


def _strip_annotations(t):
    """A type without the remarks of Annotated and the marks of TypedDict."""
    if isinstance(t, _AnnotatedAlias):
        return _strip_annotations(t.__origin__)
    if hasattr(t, "__origin__") and t.__origin__ in (Required, NotRequired, ReadOnly):
        return _strip_annotations(t.__args__[0])
    if isinstance(t, (_GenericAlias, GenericAlias, UnionType)):
        stripped = tuple(_strip_annotations(a) for a in t.__args__)
        if stripped == t.__args__:
            return t
        if isinstance(t, GenericAlias):
            return GenericAlias(t.__origin__, stripped)
        if isinstance(t, UnionType):
            made = stripped[0]
            for arg in stripped[1:]:
                made = made | arg
            return made
        return t.copy_with(stripped)
    return t


# ----- Files -----


class IO(Generic[AnyStr]):
    """What open() returns."""

    __slots__ = ()

    @property
    @abstractmethod
    def mode(self) -> str:
        pass

    @property
    @abstractmethod
    def name(self) -> str:
        pass

    @abstractmethod
    def close(self) -> None:
        pass

    @property
    @abstractmethod
    def closed(self) -> bool:
        pass

    @abstractmethod
    def fileno(self) -> int:
        pass

    @abstractmethod
    def flush(self) -> None:
        pass

    @abstractmethod
    def isatty(self) -> bool:
        pass

    @abstractmethod
    def read(self, n: int = -1) -> AnyStr:
        pass

    @abstractmethod
    def readable(self) -> bool:
        pass

    @abstractmethod
    def readline(self, limit: int = -1) -> AnyStr:
        pass

    @abstractmethod
    def readlines(self, hint: int = -1) -> List[AnyStr]:
        pass

    @abstractmethod
    def seek(self, offset: int, whence: int = 0) -> int:
        pass

    @abstractmethod
    def seekable(self) -> bool:
        pass

    @abstractmethod
    def tell(self) -> int:
        pass

    @abstractmethod
    def truncate(self, size: int = None) -> int:
        pass

    @abstractmethod
    def writable(self) -> bool:
        pass

    @abstractmethod
    def write(self, s: AnyStr) -> int:
        pass

    @abstractmethod
    def writelines(self, lines: List[AnyStr]) -> None:
        pass

    @abstractmethod
    def __enter__(self) -> "IO[AnyStr]":
        pass

    @abstractmethod
    def __exit__(self, type, value, traceback) -> None:
        pass


class BinaryIO(IO[bytes]):
    """A file of bytes."""

    __slots__ = ()

    @abstractmethod
    def write(self, s: Union[bytes, bytearray]) -> int:
        pass

    @abstractmethod
    def __enter__(self) -> "BinaryIO":
        pass


class TextIO(IO[str]):
    """A file of text."""

    __slots__ = ()

    @property
    @abstractmethod
    def buffer(self) -> BinaryIO:
        pass

    @property
    @abstractmethod
    def encoding(self) -> str:
        pass

    @property
    @abstractmethod
    def errors(self) -> Optional[str]:
        pass

    @property
    @abstractmethod
    def line_buffering(self) -> bool:
        pass

    @property
    @abstractmethod
    def newlines(self) -> Any:
        pass

    @abstractmethod
    def __enter__(self) -> "TextIO":
        pass

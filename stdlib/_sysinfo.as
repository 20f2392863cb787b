"""What `sys` makes at first use: structures that describe the interpreter."""


class _Info(tuple):
    """A tuple whose items have names."""

    _names = ()

    def __new__(cls, *items):
        return tuple.__new__(cls, items)

    def __getattr__(self, name):
        names = type(self)._names
        if name in names:
            return self[names.index(name)]
        raise AttributeError(f"'sys.{type(self).__name__}' object has no attribute '{name}'")

    def __repr__(self):
        parts = ", ".join(f"{name}={item!r}" for name, item in zip(type(self)._names, self))
        return f"sys.{type(self).__name__}({parts})"

    @property
    def n_fields(self):
        return len(self)


_Info.__module__ = "sys"


def _structure(name, names, *items):
    return type(name, (_Info,), {"_names": names, "__slots__": (), "__module__": "sys"})(*items)


class _Namespace:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __repr__(self):
        parts = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"namespace({parts})"


version = "3.13.0 (Aspen)"
version_info = _structure(
    "version_info", ("major", "minor", "micro", "releaselevel", "serial"), 3, 13, 0, "final", 0
)
implementation = _Namespace(
    name="aspen", cache_tag=None, version=version_info, hexversion=0x030D00F0, _multiarch="x86_64-linux-gnu"
)
flags = _structure(
    "flags",
    (
        "debug", "inspect", "interactive", "optimize", "dont_write_bytecode", "no_user_site", "no_site",
        "ignore_environment", "verbose", "bytes_warning", "quiet", "hash_randomization", "isolated", "dev_mode",
        "utf8_mode", "warn_default_encoding", "safe_path", "int_max_str_digits",
    ),
    0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, False, 1, 0, False, 4300,
)
float_info = _structure(
    "float_info",
    (
        "max", "max_exp", "max_10_exp", "min", "min_exp", "min_10_exp", "dig", "mant_dig", "epsilon", "radix", "rounds",
    ),
    1.7976931348623157e308, 1024, 308, 2.2250738585072014e-308, -1021, -307, 15, 53, 2.220446049250313e-16, 2, 1,
)
int_info = _structure(
    "int_info",
    ("bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"),
    30, 4, 4300, 640,
)
hash_info = _structure(
    "hash_info",
    ("width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"),
    64, 2305843009213693951, 314159, 0, 1000003, "siphash13", 64, 128, 0,
)
thread_info = _structure("thread_info", ("name", "lock", "version"), "fibers", "fibers", None)
ps1 = ">>> "
ps2 = "... "
builtin_module_names = ("builtins", "sys")
stdlib_module_names = frozenset({
    "abc", "asyncio", "bisect", "builtins", "collections", "concurrent", "contextlib", "contextvars", "functools", "gc",
    "heapq", "inspect", "io", "itertools", "math", "operator", "queue", "random", "signal", "socket", "string", "sys",
    "threading", "time", "traceback", "types", "typing", "urllib", "warnings", "weakref",
})
_git = ("Aspen", "", "")
abiflags = ""

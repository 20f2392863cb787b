"""Abstract base classes."""

from _abc import (
    ABCMeta,
    _abc_init,
    _abc_instancecheck,
    _abc_register,
    _abc_subclasscheck,
    _reset_caches,
    _reset_registry,
    get_cache_token,
    update_abstractmethods,
)


def abstractmethod(funcobj):
    """Marks a method that subclasses must define before they can have instances."""
    funcobj.__isabstractmethod__ = True
    return funcobj


class abstractclassmethod(classmethod):
    """The old spelling of `@classmethod` above `@abstractmethod`."""

    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractstaticmethod(staticmethod):
    """The old spelling of `@staticmethod` above `@abstractmethod`."""

    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractproperty(property):
    """The old spelling of `@property` above `@abstractmethod`."""

    __isabstractmethod__ = True


class ABC(metaclass=ABCMeta):
    """Has ABCMeta as its metaclass, for those who would rather inherit it."""

    __slots__ = ()

class Plugin:
    registry = {}
    def __init_subclass__(cls, /, name=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.registry[name or cls.__name__] = cls

class First(Plugin, name="one"): ...
class Second(Plugin): ...
print(list(Plugin.registry))   # expect: ['one', 'Second']

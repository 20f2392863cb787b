class Lazy:
    present = "class"
    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return f"made {name}"

lazy = Lazy()
lazy.own = "instance"
print(lazy.present, lazy.own, lazy.other)   # expect: class instance made other
print(getattr(lazy, "_hidden", "default"), hasattr(lazy, "_hidden"))   # expect: default False

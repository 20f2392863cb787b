class Thing: ...
thing = Thing()
print(repr(thing).startswith("<__main__.Thing object at 0x"), thing == thing, thing != Thing(), thing is thing)   # expect: True True True True
print(Thing, Thing.method if hasattr(Thing, "method") else "no method", type(thing).__name__, type(None), type(...))   # expect: <class '__main__.Thing'> no method Thing <class 'NoneType'> <class 'ellipsis'>

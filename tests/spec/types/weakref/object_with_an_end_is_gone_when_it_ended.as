import gc
import weakref

class Thing:
    def __del__(self):
        print("ended")

thing = Thing()
reference = weakref.ref(thing, lambda gone: print("told", gone() is None))
del thing
gc.collect()
# expect: ended
# expect: told True
print(reference() is None)  # expect: True

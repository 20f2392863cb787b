import gc
import weakref

class Node:
    def method(self):
        return 5

node = Node()
values = weakref.WeakValueDictionary(a=node)
keys = weakref.WeakKeyDictionary({node: 1})
nodes = weakref.WeakSet([node])
method = weakref.WeakMethod(node.method)
weakref.finalize(node, print, "gone")
print(len(values), len(keys), len(nodes), method()())   # expect: 1 1 1 5
del node
gc.collect()                                            # expect: gone
print(len(values), len(keys), len(nodes), method())     # expect: 0 0 0 None

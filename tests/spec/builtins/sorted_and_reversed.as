class Seq:
    def __len__(self): return 3
    def __getitem__(self, i): return "abc"[i]
print(list(reversed(Seq())), sorted({"b": 1, "a": 2}), sorted("hello", reverse=True), list(reversed({"x": 1, "y": 2})))   # expect: ['c', 'b', 'a'] ['a', 'b'] ['o', 'l', 'l', 'h', 'e'] ['y', 'x']
try:
    reversed({1})
except TypeError as error:
    print(error)   # expect: 'set' object is not reversible

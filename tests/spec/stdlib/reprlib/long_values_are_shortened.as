import reprlib

print(reprlib.repr(list(range(100))))   # expect: [0, 1, 2, 3, 4, 5, ...]
print(reprlib.repr("a" * 100))          # expect: 'aaaaaaaaaaaa...aaaaaaaaaaaaa'

class Chain(list):
    @reprlib.recursive_repr()
    def __repr__(self):
        return "<" + "|".join(map(repr, self)) + ">"

chain = Chain([1])
chain.append(chain)
print(chain)   # expect: <1|...>

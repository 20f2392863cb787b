# Sets made from dicts and sets, and dicts made from sets, take the hashes that are known.
class Counted(int):
    n_asked = 0

    def __hash__(self):
        Counted.n_asked += 1
        return int.__hash__(self)


d = dict.fromkeys(map(Counted, range(10)))
s = set(d)
s.difference(d)
s.symmetric_difference_update(d)
dict.fromkeys(frozenset(d))
print(Counted.n_asked)                          # expect: 10

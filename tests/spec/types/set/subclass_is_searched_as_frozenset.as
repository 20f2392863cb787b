# A set has no hash, but is found among keys as the frozenset with its items; it can't be added.
class Mine(set):
    pass


s = {frozenset({1, 2})}
print(Mine([1, 2]) in s, {1, 2} in s)           # expect: True True
s.remove(Mine([1, 2]))
print(s)                                        # expect: set()
try:
    s.add(Mine())
except TypeError as error:
    print(error)                                # expect: unhashable type: 'Mine'

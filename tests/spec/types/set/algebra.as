a, b = {1, 2, 3}, {2, 3, 4}
print(a | b, a & b, a - b, a ^ b, a <= {1, 2, 3, 4}, a.isdisjoint({9}), a > {1})   # expect: {1, 2, 3, 4} {2, 3} {1} {1, 4} True True True
a.add(5); a.discard(1); a.update([7], (8,)); a.difference_update({8})
print(a, a.pop() in {2, 3, 5, 7}, set("aab") == {"a", "b"}, len(set()), set())   # expect: {3, 5, 7} True True 0 set()
print(frozenset([1]) | {2}, hash(frozenset([1, 2])) == hash(frozenset([2, 1])), frozenset())   # expect: frozenset({1, 2}) True frozenset()
for action in (lambda: {1}.remove(2), lambda: set().pop(), lambda: {[]}, lambda: {1} + {2}):
    try:
        action()
    except (KeyError, TypeError) as error:
        print(error)   # expect: 2
        # expect: 'pop from an empty set'
        # expect: unhashable type: 'list'
        # expect: unsupported operand type(s) for +: 'set' and 'set'

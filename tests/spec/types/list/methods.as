l = [3, 1, 2]
l.append(4); l.extend("ab"); l.insert(1, "i"); l.insert(100, "end")
print(l, l.index("a"), l.count(1))   # expect: [3, 'i', 1, 2, 4, 'a', 'b', 'end'] 5 1
print(l.pop(), l.pop(0), l)   # expect: end 3 ['i', 1, 2, 4, 'a', 'b']
l.remove("i"); l.reverse()
print(l, l.copy() is l)   # expect: ['b', 'a', 4, 2, 1] False
l.clear()
print(l)   # expect: []
for action in (lambda: [].pop(), lambda: [1].pop(5), lambda: [1].remove(2), lambda: [1].index(2), lambda: [1][1]):
    try:
        action()
    except (IndexError, ValueError) as error:
        print(error)   # expect: pop from empty list
        # expect: pop index out of range
        # expect: list.remove(x): x not in list
        # expect: 2 is not in list
        # expect: list index out of range

# A native that needs much room twice, once for a copy and once for the sort, gets it in the end.
numbers = list(range(300_000))
ordered = sorted(numbers, key=lambda number: -number)
print(ordered[0], ordered[-1], len(ordered))   # expect: 299999 0 300000

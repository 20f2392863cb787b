# An iterator that would give more keys than there were says so, though the length is the same.
d = {0: 0}
try:
    for key in d:
        del d[0]
        d[0] = 0
except RuntimeError as error:
    print(error)                                # expect: dictionary keys changed during iteration

# The text of the missing item is made only when it is missing, by script code too.
class Thing:
    def __repr__(self):
        return "a thing"


try:
    [1, 2].index(Thing())
except ValueError as error:
    print(error)                                # expect: a thing is not in list
print([1, 2, 3].index(3), (1, 2).count(2))      # expect: 2 1

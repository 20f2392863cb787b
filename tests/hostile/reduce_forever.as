# ends: stopped
import itertools, functools
functools.reduce(lambda a, b: b, itertools.count())

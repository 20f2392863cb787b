# ends: stopped
import itertools
-1 in itertools.count()

def down(n):
    return down(n + 1)
try:
    down(0)
except RecursionError as error:
    print(error)   # expect: maximum recursion depth exceeded
import sys
sys.setrecursionlimit(5000)
def depth(n):
    return n if n == 0 else 1 + depth(n - 1)
print(depth(4000))   # expect: 4000

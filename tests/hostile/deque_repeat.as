# ends: MemoryError
from collections import deque
deque([1]) * 10**12

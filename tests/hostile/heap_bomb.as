# ends: MemoryError
import heapq
h = []
i = 0
while True:
    heapq.heappush(h, -i)
    i += 1

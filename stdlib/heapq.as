"""Heaps in lists: the smallest item is the first one.

The moves within one heap are native, in `_heapq`; here is what is made of them.
"""

from _heapq import _heapify_max, _heappop_max, _heapreplace_max
from _heapq import heapify, heappop, heappush, heappushpop, heapreplace

__all__ = [
    "heappush",
    "heappop",
    "heapify",
    "heapreplace",
    "merge",
    "nlargest",
    "nsmallest",
    "heappushpop",
]


def merge(*iterables, key=None, reverse=False):
    """Merges sorted iterables into one sorted iterator. Of equal items, those of the first iterable come first."""
    if reverse:
        make_heap, pop, replace, direction = _heapify_max, _heappop_max, _heapreplace_max, -1
    else:
        make_heap, pop, replace, direction = heapify, heappop, heapreplace, 1
    # An entry is [what is compared, the number of the iterable, the item, the iterator].
    heap = []
    for number, iterator in enumerate(map(iter, iterables)):
        try:
            item = next(iterator)
        except StopIteration:
            continue
        heap.append([item if key is None else key(item), number * direction, item, iterator])
    make_heap(heap)
    while len(heap) > 1:
        entry = heap[0]
        yield entry[2]
        try:
            item = next(entry[3])
        except StopIteration:
            pop(heap)
            continue
        entry[0] = item if key is None else key(item)
        entry[2] = item
        replace(heap, entry)
    if heap:
        _, _, item, iterator = heap[0]
        yield item
        yield from iterator


def _best(n, iterable, key, make_heap, replace, is_better, direction):
    """The n best items, best first: a heap of the best so far, whose first one is the worst of them.

    An entry is (what is compared, a number that makes earlier items better, the item).
    """
    iterator = iter(iterable)
    numbers = range(0, n * direction, direction)
    heap = [(item if key is None else key(item), number, item) for number, item in zip(numbers, iterator)]
    if not heap:
        return heap
    make_heap(heap)
    worst = heap[0][0]
    number = n * direction
    for item in iterator:
        compared = item if key is None else key(item)
        if is_better(compared, worst):
            replace(heap, (compared, number, item))
            worst = heap[0][0]
            number += direction
    heap.sort(reverse=direction < 0)
    return [item for _, _, item in heap]


def _size(iterable):
    """The number of items, where that can be told; otherwise None."""
    try:
        return len(iterable)
    except (TypeError, AttributeError):
        return None


def nsmallest(n, iterable, key=None):
    """The n smallest items, as `sorted(iterable, key=key)[:n]`."""
    if n == 1:
        nothing = object()
        smallest = min(iter(iterable), default=nothing, key=key)
        return [] if smallest is nothing else [smallest]
    size = _size(iterable)
    if size is not None and n >= size:
        return sorted(iterable, key=key)[:n]
    return _best(n, iterable, key, _heapify_max, _heapreplace_max, lambda item, worst: item < worst, 1)


def nlargest(n, iterable, key=None):
    """The n largest items, as `sorted(iterable, key=key, reverse=True)[:n]`."""
    if n == 1:
        nothing = object()
        largest = max(iter(iterable), default=nothing, key=key)
        return [] if largest is nothing else [largest]
    size = _size(iterable)
    if size is not None and n >= size:
        return sorted(iterable, key=key, reverse=True)[:n]
    return _best(n, iterable, key, heapify, heapreplace, lambda item, worst: worst < item, -1)

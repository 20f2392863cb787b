"""Queues whose parts a subclass replaces, or whose items compare by script code; all else is native."""

import heapq
from _asyncio import (
    LifoQueue,
    PriorityQueue,
    Queue,
    QueueEmpty,
    QueueFull,
    QueueShutDown,
)

__all__ = ("Queue", "PriorityQueue", "LifoQueue", "QueueFull", "QueueEmpty", "QueueShutDown")


async def _put(queue, item):
    """`put` by the parts of a subclass."""
    while queue.full():
        if queue._is_shutdown:
            raise QueueShutDown
        putter = queue._wait_in("putters")
        try:
            await putter
        except:
            putter.cancel()
            queue._leave_line("putters", putter)
            if not queue.full() and not putter.cancelled():
                queue._wakeup_next("putters")
            raise
    return queue.put_nowait(item)


def _put_nowait(queue, item):
    """`put_nowait` by the parts of a subclass."""
    if queue._is_shutdown:
        raise QueueShutDown
    if queue.full():
        raise QueueFull
    queue._put(item)
    queue._count_put()


async def _get(queue):
    """`get` by the parts of a subclass."""
    while queue.empty():
        if queue._is_shutdown and queue.empty():
            raise QueueShutDown
        getter = queue._wait_in("getters")
        try:
            await getter
        except:
            getter.cancel()
            queue._leave_line("getters", getter)
            if not queue.empty() and not getter.cancelled():
                queue._wakeup_next("getters")
            raise
    return queue.get_nowait()


def _get_nowait(queue):
    """`get_nowait` by the parts of a subclass."""
    if queue.empty():
        if queue._is_shutdown:
            raise QueueShutDown
        raise QueueEmpty
    item = queue._get()
    queue._wakeup_next("putters")
    return item


def _priority_put(queue, heap, item):
    """`put_nowait` of a priority queue, with room."""
    heapq.heappush(heap, item)
    queue._count_put()


def _priority_get(queue, heap):
    """`get_nowait` of a priority queue that is not empty."""
    item = heapq.heappop(heap)
    queue._wakeup_next("putters")
    return item


def _heap_push(heap, item):
    heapq.heappush(heap, item)


def _heap_pop(heap):
    return heapq.heappop(heap)

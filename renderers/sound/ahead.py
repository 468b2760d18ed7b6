"""Work in threads whose results come out in order: the same whatever the number of threads."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Made = TypeVar("Made")

_BLOCKS = 4
_THREADS_MAX = 8
"""Each holds its share of the work: memory stays where it is on a machine of many cores."""


def _threads() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _THREADS_MAX)


def ahead(items: Iterable[Made]) -> Iterator[Made]:
    """The same items in the same order, made in a thread a few ahead of their use; its errors come out here."""
    source, end = iter(items), object()
    with ThreadPoolExecutor(1) as thread:
        coming = deque(thread.submit(next, source, end) for _ in range(_BLOCKS))
        while (item := coming.popleft().result()) is not end:
            coming.append(thread.submit(next, source, end))
            yield item  # type: ignore[misc]


def side_by_side(work: Iterable[Callable[[], Made]]) -> Iterator[Made]:
    """What each piece of work gives, in order; they are done on all cores, no more than a few ahead of their use."""
    waiting, threads = iter(work), _threads()
    with ThreadPoolExecutor(threads) as pool:
        coming: deque[Future[Made]] = deque()
        for one in waiting:
            coming.append(pool.submit(one))
            if len(coming) > threads:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()

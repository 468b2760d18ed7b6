"""Work on the next blocks while this one is being encoded or measured."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from renderers.pcm import Samples

_BLOCKS = 4


def ahead(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """The same blocks in the same order, made in a thread a few blocks ahead; its errors come out here."""
    source = iter(blocks)
    with ThreadPoolExecutor(1) as thread:
        coming = deque(thread.submit(next, source, None) for _ in range(_BLOCKS))
        while (block := coming.popleft().result()) is not None:
            coming.append(thread.submit(next, source, None))
            yield block

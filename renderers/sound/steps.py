"""A number for each step of a programme, kept in a file: for two hours of milliseconds they are 29 MB."""

import os
import tempfile
from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

_TYPE = np.dtype("<f4")
BLOCK_STEPS = 60_000
"""A minute of milliseconds at a time: the arithmetic needs several times the room of its result."""

Numbers = NDArray[np.float32]
"""[shape=(n,)] some of them."""


class Steps(Protocol):
    """What a :class:`StepFile` and an array have in common."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> Any: ...


class StepFile:
    """Steps in a file. Several threads may read them at once.

    path : a file that holds them from byte ``offset`` on; without it, a file without a name, which is empty.
    """

    def __init__(self, path: Path | None = None, *, offset: int = 0) -> None:
        # Open as long as this lives.
        self._file = cast(FileIO, tempfile.TemporaryFile(buffering=0)) if path is None else FileIO(path)  # noqa: SIM115
        self._offset = offset
        self._length = 0 if path is None else (path.stat().st_size - offset) // _TYPE.itemsize

    def __len__(self) -> int:
        return self._length

    def _place(self, step: int) -> int:
        return self._offset + step * _TYPE.itemsize

    def __getitem__(self, part: slice) -> Numbers:
        """Steps from one to one exclusive."""
        start, end, _ = part.indices(self._length)
        data = os.pread(self._file.fileno(), max(0, end - start) * _TYPE.itemsize, self._place(start))
        return np.frombuffer(data, _TYPE)

    def put(self, first: int, numbers: Numbers) -> None:
        """Have these from step ``first`` on, in place of what was there."""
        data = memoryview(numbers.astype(_TYPE, copy=False).tobytes())
        self._length, at = max(self._length, first + len(numbers)), self._place(first)
        while data:
            written = os.pwrite(self._file.fileno(), data, at)
            data, at = data[written:], at + written

    def append(self, numbers: Numbers) -> None:
        """Have these after the last."""
        self.put(self._length, numbers)


def blocks(steps: Steps) -> Iterator[tuple[int, Numbers]]:
    """All of them, a minute at a time, each after the number of its first."""
    return ((start, steps[start : start + BLOCK_STEPS]) for start in range(0, len(steps), BLOCK_STEPS))


def largest(steps: Steps) -> float:
    """The largest of all; 0.0 where there is none."""
    return max((float(numbers.max()) for _, numbers in blocks(steps)), default=0.0)


def smallest(steps: Steps) -> float:
    """The smallest of all, 1.0 at most."""
    return min((float(numbers.min(initial=1)) for _, numbers in blocks(steps)), default=1.0)


def made(length: int, block: Callable[[int, int], Numbers]) -> StepFile:
    """Steps of which ``block`` gives those from one to one exclusive."""
    steps = StepFile()
    for start in range(0, length, BLOCK_STEPS):
        steps.append(block(start, min(length, start + BLOCK_STEPS)))
    return steps

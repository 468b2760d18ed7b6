"""Squares of a picture, packed under each other in one plane: work that few places need is done at those alone.

Each square has a halo of what is around it, so that a filter that looks no farther finds what it would in the picture.
"""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 32
"""Pixels of chroma, of a square."""
HALO = 3
"""Pixels of chroma around it."""
_TOGETHER = 96
"""Squares that are worked at together."""

Chosen = NDArray[np.bool_]
"""Which squares. [shape=(rows, columns)]"""
Numbers = NDArray[Any]


def batches(chosen: Chosen) -> Iterator[Chosen]:
    """The chosen squares, some at a time: their planes stay in a processor's cache, and memory has a limit."""
    places = np.flatnonzero(chosen)
    for first in range(0, len(places), _TOGETHER):
        some = np.zeros_like(chosen)
        some.flat[places[first : first + _TOGETHER]] = True
        yield some


def inside(widened: Numbers) -> Numbers:
    """A widened plane of chroma's size without its halo; a view."""
    return widened[HALO:-HALO, HALO:-HALO]


def taken(widened: Numbers, chosen: Chosen, side: int, halo: int) -> Numbers:
    """The chosen squares of a plane that has a halo around it.

    [shape=(squares * size, size)], where a size is ``side + 2 * halo``.
    """
    size = side + 2 * halo
    rows, columns = chosen.shape
    down, across = widened.strides
    # Each begins where the one before ends, but for its halo.
    windows = np.lib.stride_tricks.as_strided(
        widened, (rows, columns, size, size), (side * down, side * across, down, across), writeable=False
    )
    return windows[chosen].reshape(-1, size)


def put(whole: Numbers, chosen: Chosen, packed: Numbers, side: int, halo: int) -> None:
    """Lay packed squares back in their places, without their halo. ``whole``: of the size of all squares."""
    rows, columns = chosen.shape
    size = side + 2 * halo
    squares = whole.reshape(rows, side, columns, side).swapaxes(1, 2)
    squares[chosen] = packed.reshape(-1, size, size)[:, halo : halo + side, halo : halo + side]


class Tiles:
    """The squares of a picture whose chroma is ``height`` x ``width``."""

    def __init__(self, height: int, width: int):
        self._height, self._width = height, width
        self.rows, self.columns = -(-height // SIDE), -(-width // SIDE)

    def widened(self, plane: Numbers, scale: int = 1) -> Numbers:
        """A plane with its edges drawn out to whole squares and a halo. ``scale``: 2 for luma."""
        halo = HALO * scale
        below = (self.rows * SIDE - self._height) * scale + halo
        beside = (self.columns * SIDE - self._width) * scale + halo
        return cv2.copyMakeBorder(plane, halo, below, halo, beside, cv2.BORDER_REPLICATE)

    def blank(self, scale: int = 1) -> NDArray[np.uint8]:
        """Zeros for all squares. ``scale``: 2 for luma."""
        return np.zeros((self.rows * SIDE * scale, self.columns * SIDE * scale), np.uint8)

    def cut(self, whole: NDArray[np.uint8], scale: int = 1) -> NDArray[np.uint8]:
        """What of all squares is the picture's own; a view."""
        return whole[: self._height * scale, : self._width * scale]

    def any(self, mask: NDArray[np.uint8]) -> Chosen:
        """Which squares hold anything of a widened mask."""
        inner = np.ascontiguousarray(inside(mask))
        eights = inner.view(np.uint64).reshape(self.rows, SIDE, -1)
        rows = np.bitwise_or.reduce(eights, axis=1).reshape(self.rows, self.columns, -1)
        return np.bitwise_or.reduce(rows, axis=2) != 0

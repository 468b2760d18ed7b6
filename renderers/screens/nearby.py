"""What colours a performer has around each pixel: learnt from the places that show nothing of the screen."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from renderers.patch import Plane
from renderers.screens.difference import Difference, Values, differences, in_bytes
from renderers.screens.tiles import HALO, SIDE, Chosen, batches, inside, put, taken

_CELLS = 168
"""The most squares across a picture by which colours are known; each is 4, 8 or 16 pixels of chroma wide."""
_NEIGHBOURS = 5
"""Squares across that count as nearby."""


class Nearby(NamedTuple):
    """The performer around each pixel of packed squares."""

    cb: Values
    cr: Values
    difference: Values
    """The colour difference of what is most like the screen; -128 where nobody is near."""
    edge: Values
    """How near the screen is, 0..1."""


def _means(cells: Values) -> Values:
    return cv2.blur(cells, (_NEIGHBOURS, _NEIGHBOURS), borderType=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


class Neighbourhood:
    """A picture's performer in coarse cells.

    cb, cr : widened planes.
    mixed : not 0 where some screen may be seen.
    seen : the squares that show anything of the performer; the others are not looked at.
    """

    def __init__(self, cb: Plane, cr: Plane, mixed: Plane, seen: Chosen, difference: Difference):
        rows, columns = seen.shape
        self._cell = next((size for size in (4, 8) if columns * SIDE <= size * _CELLS), 16)
        self._side = SIDE // self._cell
        share, blue, red = (np.zeros((rows * self._side, columns * self._side), np.float32) for _ in range(3))
        for chosen in batches(seen):
            packed_cb, packed_cr, packed_mixed = (taken(inside(one), chosen, SIDE, 0) for one in (cb, cr, mixed))
            solid = (packed_mixed == 0).astype(np.float32)
            size = self._side, len(solid) // self._cell
            told = (share, solid), (blue, differences(packed_cb) * solid), (red, differences(packed_cr) * solid)
            for cells, plane in told:
                put(cells, chosen, cv2.resize(plane, size, interpolation=cv2.INTER_AREA), self._side, 0)
        self._told = self._bytes_of(share, blue, red, difference)

    def _bytes_of(self, share: Values, blue: Values, red: Values, difference: Difference) -> NDArray[np.uint32]:
        """The four numbers of :class:`Nearby` for each cell and a border of one, a byte each."""
        weight = np.maximum(share, np.float32(1 / 64))
        known = np.where(share > 0.25, difference.over_larger(blue / weight, red / weight), np.float32(-128))
        most = cv2.dilate(known, np.ones((_NEIGHBOURS, _NEIGHBOURS), np.uint8))
        share, blue, red = _means(share), _means(blue), _means(red)
        weight = np.maximum(share, np.float32(1 / 64))
        told = (blue / weight + 128, red / weight + 128, most + 128, 510 * (1 - share))
        four = np.stack([in_bytes(one) for one in told], axis=-1)  # type: ignore[arg-type]
        return np.pad(four.view(np.uint32)[..., 0], 1, mode="edge")

    def of(self, chosen: Chosen) -> Nearby:
        """What is around each pixel of some squares."""
        packed = taken(self._told, chosen, self._side, 1)
        four = packed.view(np.uint8).reshape(*packed.shape, 4)
        size = (self._side + 2) * self._cell
        smooth = cv2.resize(four, (size, len(packed) * self._cell), interpolation=cv2.INTER_LINEAR_EXACT)
        within = slice(self._cell - HALO, HALO - self._cell)
        squares = np.moveaxis(smooth.reshape(-1, size, size, 4)[:, within, within], -1, 0)
        cb, cr, difference, edge = squares.reshape(4, -1, SIDE + 2 * HALO).astype(np.float32)
        middle = np.float32(128)
        return Nearby(cb - middle, cr - middle, difference - middle, edge / np.float32(255))

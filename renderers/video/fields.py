"""What the lines of interlaced pictures tell: which fields belong together, what is combed, what has changed.

Everything is counted in whole numbers, so that it is the same on any processor.
"""

from typing import Literal

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

Lines = NDArray[np.int16]
"""[shape=(height, columns)] luma of all lines and some columns, 0..255."""

Pair = Literal["top", "bottom", "moved", "still"]
"""Of two pictures that follow each other: the field that stayed, or both changed, or neither."""

_COLUMNS = 360
"""That are looked at, about."""
BLOCK_PIXELS = 16
_CHANGED = 3
"""Codes that a block must change by from picture to picture, on average: above grain and what coding leaves."""
_MOVED = 10
"""Codes that a single pixel must change by."""
_STAYED = 5
"""Times less than the other that a field must change, to be the same again."""
_ENOUGH = 1, 20
"""Codes, and pixels of a field, that the change must come to for it to have a say: 2 % of them by a tenth of white."""
_BETTER = 4, 3
"""How much better (4 : 3) the lines of another picture's field must fit than a picture's own."""
_COMBED, _COMBED_WIDE = 9, 54
"""Codes that a line must differ by from both its neighbours, and (six times that) from what five lines make of it."""
_BLOCK = 16, 8
"""Lines and looked-at columns of a block."""
_BLOCK_COMBED = 40
"""Of its 128 pixels that make a block, and with it the picture, a combed one."""


def lines_of(frame: VideoFrame) -> Lines:
    """The luma of a planar Y'CbCr frame, with no scaler between."""
    plane, bits = frame.planes[0], frame.format.components[0].bits
    kind = np.uint8 if bits <= 8 else np.dtype(">u2" if frame.format.is_big_endian else "<u2")
    rows = np.frombuffer(memoryview(plane), kind).reshape(plane.height, -1)
    found = rows[:, : plane.width : max(1, plane.width // _COLUMNS)]
    return (found >> max(0, bits - 8)).astype(np.int16)


def woven(kept: Lines, other: Lines, parity: int) -> Lines:
    """The lines of ``parity`` (0: the top field) from one picture, all others from another."""
    made = other.copy()
    made[parity::2] = kept[parity::2]
    return made


def block_sums(values: Lines) -> Lines:
    """Sums over blocks of 4 lines and 4 columns: what is noise comes to little in them.

    values : -2047..2047.
    """
    high, wide = (side // 4 * 4 for side in values.shape)
    whole = values[:high, :wide]
    lines = whole[0::4] + whole[1::4] + whole[2::4] + whole[3::4]
    return lines[:, 0::4] + lines[:, 1::4] + lines[:, 2::4] + lines[:, 3::4]


def differing(before: Lines, after: Lines) -> int:
    """By how many codes those pixels differ that differ by more than noise, in sum."""
    differences = np.abs(after - before)
    return int(differences[differences > _MOVED].sum(dtype=np.int64))


def changed(before: Lines, after: Lines) -> int:
    """By how many codes a picture, or a field, has changed where that is more than noise: a sum over its blocks."""
    differences = np.abs(block_sums(after - before))
    return int(differences[differences > _CHANGED * BLOCK_PIXELS].sum(dtype=np.int64))


def pair_of(before: Lines, after: Lines) -> Pair:
    """What stayed from one picture to the next."""
    top, bottom = changed(before[0::2], after[0::2]), changed(before[1::2], after[1::2])
    if max(top, bottom) * _ENOUGH[1] < before[0::2].size * _ENOUGH[0]:
        return "still"
    if top * _STAYED < bottom:
        return "top"
    return "bottom" if bottom * _STAYED < top else "moved"


def fits_better(kept: Lines, own: Lines, others: Lines, parity: int) -> bool:
    """Whether the field of ``parity`` of ``kept`` was woven of the same picture as the other field of ``others``,
    rather than with that of ``own``."""
    rows = slice(1 + parity, kept.shape[0] // 2 * 2 - 2 + parity, 2)
    around = kept[rows.start - 1 : rows.stop - 1 : 2] + kept[rows.start + 1 : rows.stop + 1 : 2]
    one, other = own[rows], others[rows]
    differs = np.abs(block_sums(one - other)) > _CHANGED * BLOCK_PIXELS
    misfits = [int(block_sums(np.abs(around - 2 * lines))[differs].sum(dtype=np.int64)) for lines in (one, other)]
    return misfits[1] * _BETTER[0] < misfits[0] * _BETTER[1]


def is_combed(lines: Lines, moved: NDArray[np.bool_]) -> bool:
    """Whether fields of different moments are woven in some block of a picture.

    moved : [shape=lines.shape] where something moves around it: fine lines that stand still are no comb.
    """
    here, above, below = lines[2:-2], lines[1:-3], lines[3:-1]
    up, down = here - above, here - below
    comb = ((up > _COMBED) & (down > _COMBED)) | ((up < -_COMBED) & (down < -_COMBED))
    comb &= np.abs(4 * here + lines[:-4] + lines[4:] - 3 * (above + below)) > _COMBED_WIDE
    comb &= moved[2:-2]
    high, wide = comb.shape[0] // _BLOCK[0], comb.shape[1] // _BLOCK[1]
    blocks = comb[: high * _BLOCK[0], : wide * _BLOCK[1]].reshape(high, _BLOCK[0], wide, _BLOCK[1])
    return bool((blocks.sum(axis=(1, 3)) > _BLOCK_COMBED).any())


def moved_in(before: Lines, here: Lines, after: Lines) -> NDArray[np.bool_]:
    """Where a picture differs from the one before or after, line by line."""
    return (np.abs(here - before) > _MOVED) | (np.abs(after - here) > _MOVED)

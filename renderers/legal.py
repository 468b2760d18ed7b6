"""Legal levels: a clip's picture is kept within what EBU R 103 allows of a video signal.

Cameras write luma above white, scaling rings at edges, and Y'CbCr holds colours that no R'G'B' has. What a picture has
of the first two beyond black and white no display shows; of the third a few pixels are allowed.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from renderers.patch import Plane
from renderers.strays import count

BLACK, WHITE = 16, 235
"""Codes of 0 and 100 %. R 103 allows luma -1 to 103 %: what is left of that is the encoder's."""
_ABOVE_WHITE = 241
"""The code of 103 %: brighter is a highlight that is clipped, not a ripple of the contributor's encoder."""
_LEAST, _MOST = -0.05, 1.05
"""R 103: each of R', G' and B' may be 5 % under black and over white, beyond that in 1 % of the pixels."""
_BROUGHT_TO = 0.04
"""How far beyond black and white colours are left that go further than they may: the encoder has the rest."""
_BROUGHT_FROM = 0.002
"""Share of the pixels beyond the limits from which something is done: below, the cure is worse than the error."""
_SPARSE = 4
"""Every fourth chroma sample of every fourth line is looked at."""

# R', G' and B' of 0..1 luma and -0.5..0.5 colour differences, without the luma (BT.709-6, item 3.2 solved).
_RED, _GREEN, _BLUE = (0.0, 1.5748), (-0.187324, -0.468124), (1.8556, 0.0)

Samples = NDArray[np.floating[Any]]


def _differences(cb: Plane, cr: Plane) -> list[Samples]:
    """R'-Y', G'-Y' and B'-Y'."""
    u, v = ((plane.astype(np.float32) - np.float32(128)) / np.float32(224) for plane in (cb, cr))
    return [np.float32(of_u) * u + np.float32(of_v) * v for of_u, of_v in (_RED, _GREEN, _BLUE)]


def _part_of_white(luma: Plane) -> Samples:
    return (luma.astype(np.float32) - np.float32(BLACK)) / np.float32(WHITE - BLACK)


def illegal(luma: Plane, cb: Plane, cr: Plane) -> NDArray[np.bool_]:
    """Which pixels have an R', G' or B' beyond R 103's limits. Planes of one shape, limited range."""
    bright = _part_of_white(luma)
    found = np.zeros(luma.shape, np.bool_)
    for difference in _differences(cb, cr):
        value = bright + difference
        found |= (value < _LEAST) | (value > _MOST)
    return found


def _paler(luma: Plane, cb: Plane, cr: Plane) -> tuple[Plane, Plane]:
    """Colour planes with no more saturation than their pixels' luma leaves room for; hue and luma stay."""
    corners = [luma[row::2, column::2] for row in (0, 1) for column in (0, 1)]
    high = _part_of_white(np.maximum.reduce(corners))
    low = _part_of_white(np.minimum.reduce(corners))
    share = np.ones(cb.shape, np.float32)
    for difference in _differences(cb, cr):
        room = np.where(difference > 0, 1 + _BROUGHT_TO - high, low + _BROUGHT_TO)
        np.minimum(share, room / np.maximum(np.abs(difference), np.float32(1e-6)), out=share)
    share = np.maximum(share, 0)
    cb, cr = (np.rint(128 + share * (plane.astype(np.float32) - 128)).astype(np.uint8) for plane in (cb, cr))
    return cb, cr


def legal(luma: Plane, cb: Plane, cr: Plane) -> tuple[Plane, Plane, Plane]:
    """A limited-range 4:2:0 picture of even size with legal levels; the same planes where nothing is wrong with them.

    What is clipped, and what colours have to give way, is counted for the job.
    """
    sparse = luma[:: 2 * _SPARSE, :: 2 * _SPARSE], cb[::_SPARSE, ::_SPARSE], cr[::_SPARSE, ::_SPARSE]
    wrong = int(np.count_nonzero(illegal(np.clip(sparse[0], BLACK, WHITE), *sparse[1:])))
    clipped = int(np.count_nonzero(sparse[0] > _ABOVE_WHITE))
    count(pixels=sparse[0].size, clipped=clipped, outside=wrong)
    if luma.max() > WHITE or luma.min() < BLACK:
        luma = np.clip(luma, BLACK, WHITE)
    if wrong > _BROUGHT_FROM * sparse[0].size:
        cb, cr = _paler(luma, cb, cr)
    return luma, cb, cr

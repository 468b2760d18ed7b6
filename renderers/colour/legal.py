"""Legal levels: a clip's picture is kept within what EBU R 103 allows of a video signal.

Cameras write luma above white, scaling rings at edges, and Y'CbCr holds colours that no R'G'B' has. R 103 leaves a
little room for each, of which the encoder takes its part.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from renderers.colour.legal_colours import (
    BLACK,
    BROUGHT_FROM,
    BROUGHT_TO,
    LEAST,
    MOST,
    SPARSE,
    WHITE,
    Samples,
    extremes_of,
    saturation_left,
)
from renderers.colour.strays import count
from renderers.patch import Plane

_DARKEST, _BRIGHTEST = 15, 238
"""Luma that is left to a picture. R 103 (version 3.0) allows -1 to 103 %, codes 14 to 241, and in 1 % of the pixels
what is beyond. x264 at crf 18 puts 0.5 % of a grainy sky cut at 238 above 241, 2.3 % of one cut at 239."""
_ABOVE_WHITE = 241
"""The code of 103 %: brighter is a highlight that is clipped, not a ripple of the contributor's encoder."""

_STRIP = 32
"""Rows of chroma that are worked at together: their planes stay in a processor's cache."""


def _scaled(cb: Plane, cr: Plane) -> tuple[Samples, Samples]:
    """Colour differences, -0.5..0.5."""
    u, v = (plane.astype(np.float32) for plane in (cb, cr))
    for plane in (u, v):
        plane -= 128
        plane *= np.float32(1 / 224)
    return u, v


def _part_of_white(luma: Plane) -> Samples:
    part = luma.astype(np.float32)
    part -= BLACK
    part *= np.float32(1 / (WHITE - BLACK))
    return part


def _beyond(low: Plane, high: Plane, cb: Plane, cr: Plane, least: float, most: float) -> NDArray[np.bool_]:
    """Where an R', G' or B' of luma ``low`` is under ``least``, or of luma ``high`` over ``most``."""
    smallest, largest = extremes_of(*_scaled(cb, cr))
    bright = _part_of_white(high)
    largest += bright
    smallest += bright if low is high else _part_of_white(low)
    return (largest > most) | (smallest < least)


def illegal(luma: Plane, cb: Plane, cr: Plane) -> NDArray[np.bool_]:
    """Which pixels have an R', G' or B' beyond R 103's limits. Planes of one shape, limited range."""
    return _beyond(luma, luma, cb, cr, LEAST, MOST)


def _corners(luma: Plane, furthest: np.ufunc) -> Plane:
    """Of each four pixels the one that is ``furthest`` (``np.maximum`` or ``np.minimum``)."""
    rows = furthest(luma[0::2], luma[1::2])
    return furthest(rows[:, 0::2], rows[:, 1::2])


def _paler_strip(luma: Plane, cb: Plane, cr: Plane) -> None:
    high, low = _corners(luma, np.maximum), _corners(luma, np.minimum)
    found = np.flatnonzero(_beyond(low, high, cb, cr, -BROUGHT_TO, 1 + BROUGHT_TO))
    if not found.size:
        return
    bright, dark = (_part_of_white(plane.ravel()[found]) for plane in (high, low))
    scaled = _scaled(cb.ravel()[found], cr.ravel()[found])
    share = saturation_left(*scaled, 1 + BROUGHT_TO - bright, dark + BROUGHT_TO)
    for plane in (cb, cr):
        colours = plane.ravel()[found].astype(np.float32) - 128
        plane.reshape(-1)[found] = np.rint(128 + share * colours).astype(np.uint8)


def _paler(luma: Plane, cb: Plane, cr: Plane) -> tuple[Plane, Plane]:
    """Colour planes with no more saturation than their pixels' luma leaves room for; hue and luma stay."""
    cb, cr = cb.copy(), cr.copy()
    for first in range(0, len(cb), _STRIP):
        rows = slice(first, first + _STRIP)
        _paler_strip(luma[2 * first : 2 * (first + _STRIP)], cb[rows], cr[rows])
    return cb, cr


def _looked_at(luma: Plane, cb: Plane, cr: Plane) -> tuple[int, int, int]:
    """How many pixels were looked at, how many of these are clipped, and how many are of illegal colours."""
    of_luma, of_chroma = slice(SPARSE, None, 2 * SPARSE), slice(SPARSE // 2, None, SPARSE)
    sparse = luma[of_luma, of_luma], cb[of_chroma, of_chroma], cr[of_chroma, of_chroma]
    wrong = int(np.count_nonzero(illegal(np.clip(sparse[0], _DARKEST, _BRIGHTEST), *sparse[1:])))
    return sparse[0].size, int(np.count_nonzero(sparse[0] > _ABOVE_WHITE)), wrong


def _brought(luma: Plane, cb: Plane, cr: Plane, *, paler: bool) -> tuple[Plane, Plane, Plane]:
    least, most, _, _ = cv2.minMaxLoc(luma)
    if most > _BRIGHTEST or least < _DARKEST:
        luma = np.clip(luma, _DARKEST, _BRIGHTEST)
    return (luma, *_paler(luma, cb, cr)) if paler else (luma, cb, cr)


def still_legal(luma: Plane, cb: Plane, cr: Plane) -> tuple[Plane, Plane, Plane]:
    """A legal picture that was scaled once more, without the ripples that this left at edges. Nothing is counted."""
    pixels, _, wrong = _looked_at(luma, cb, cr)
    return _brought(luma, cb, cr, paler=wrong > BROUGHT_FROM * pixels)


def legal(luma: Plane, cb: Plane, cr: Plane) -> tuple[Plane, Plane, Plane]:
    """A limited-range 4:2:0 picture of even size with legal levels; the same planes where nothing is wrong with them.

    What is clipped, and what colours have to give way, is counted for the job.
    """
    pixels, clipped, wrong = _looked_at(luma, cb, cr)
    count(pixels=pixels, clipped=clipped, outside=wrong)
    return _brought(luma, cb, cr, paler=wrong > BROUGHT_FROM * pixels)

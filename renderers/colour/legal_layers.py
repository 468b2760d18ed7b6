"""Legal levels of layers with alpha: laid over a legal picture they leave it legal."""

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
from renderers.patch import Plane


def _from_black(plane: Plane, alpha: Plane, black: int) -> Samples:
    """Codes above black, which a patch holds multiplied by its alpha."""
    return plane.astype(np.float32) - alpha.astype(np.float32) * np.float32(black / 255)


def _scaled(cb: Plane, cr: Plane, alpha: Plane) -> tuple[Samples, Samples]:
    """Colour differences, -0.5..0.5."""
    u, v = (_from_black(plane, alpha, 128) * np.float32(1 / 224) for plane in (cb, cr))
    return u, v


def _room(luma: Plane, alpha: Plane) -> tuple[Samples, Samples]:
    """How far it is from a pixel's luma to what of white its alpha lets through, and to black.

    Over a legal picture B a layer S shows S + (1 - alpha) B: it may be so much above its alpha as B above white.
    """
    bright = _from_black(luma, alpha, BLACK) * np.float32(1 / (WHITE - BLACK))
    return alpha.astype(np.float32) * np.float32(1 / 255) - bright, bright


def _illegal(luma: Plane, cb: Plane, cr: Plane, alpha: Plane, alpha_chroma: Plane) -> NDArray[np.bool_]:
    """Which pixels go beyond R 103's limits. Planes of one shape."""
    above, below = _room(luma, alpha)
    smallest, largest = extremes_of(*_scaled(cb, cr, alpha_chroma))
    return (largest - above > MOST - 1) | (smallest + below < LEAST)


def _least(plane: Samples) -> Samples:
    """Of each four."""
    return np.minimum.reduce([plane[row::2, column::2] for row in (0, 1) for column in (0, 1)])


def _paler(luma: Plane, cb: Plane, cr: Plane, alpha: Plane, alpha_chroma: Plane) -> tuple[Plane, Plane]:
    """Colour planes with no more saturation than their pixels' luma leaves room for; hue and luma stay."""
    above, below = (_least(room) + np.float32(BROUGHT_TO) for room in _room(luma, alpha))
    share = saturation_left(*_scaled(cb, cr, alpha_chroma), above, below)
    grey = alpha_chroma.astype(np.float32) * np.float32(128 / 255)
    cb, cr = (np.rint(grey + share * (plane - grey)).astype(np.uint8) for plane in (cb, cr))
    return cb, cr


def legal_colours(luma: Plane, cb: Plane, cr: Plane, alpha: Plane, alpha_chroma: Plane) -> tuple[Plane, Plane]:
    """Colour planes of a patch with alpha whose luma is legal; the same ones where nothing is wrong with them."""
    planes = luma, cb, cr, alpha, alpha_chroma
    steps = (2 * SPARSE, SPARSE, SPARSE, 2 * SPARSE, SPARSE)
    sparse = [plane[::step, ::step] for plane, step in zip(planes, steps, strict=True)]
    wrong = int(np.count_nonzero(_illegal(*sparse)))
    return _paler(*planes) if wrong > BROUGHT_FROM * sparse[0].size else (cb, cr)

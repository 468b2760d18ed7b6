"""Blend modes: other ways for a layer to lie over a picture than hiding it.

W3C Compositing and Blending Level 1, 10.1 (separable blend modes), over an opaque backdrop: with Cb the backdrop's
colour, Cs the layer's and a its alpha, ``Co = (1 - a) Cb + a B(Cb, Cs)``; ``add`` is its 9.1.14, ``min(1, Cb + a Cs)``.
As there, colours are R'G'B' of the programme (BT.709), not linear light: it is what editing desks and browsers show.
Written with ``S = a Cs``, which is what a patch holds, nothing is divided.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from renderers.patch import Plane, times

Values = NDArray[np.floating[Any]]
"""float32 throughout: its sums are the same on every CPU."""
Mode = Callable[[Values, Values, Values | np.float32], Values]
"""From Cb, S and a (each 0..1) to what Co is more than Cb. Everywhere ``Co - Cb = a (B(Cb, Cs) - Cb)``."""

_STRIP = 16
"""Rows that are worked at together: their planes stay in a processor's cache."""

_STRIP_OVER = 64

# BT.709, Kr 0.2126, Kb 0.0722.
_KR, _KG, _KB = np.float32(0.2126), np.float32(0.7152), np.float32(0.0722)
_CR_TO_RED, _CB_TO_BLUE = np.float32(1.5748), np.float32(1.8556)
_CR_TO_GREEN, _CB_TO_GREEN = -_KR * _CR_TO_RED / _KG, -_KB * _CB_TO_BLUE / _KG
_ONE = np.float32(1)


def _multiply(under: Values, over: Values, alpha: Values | np.float32) -> Values:
    return under * (over - alpha)


def _screen(under: Values, over: Values, alpha: Values | np.float32) -> Values:
    del alpha
    return over * (_ONE - under)


def _overlay(under: Values, over: Values, alpha: Values | np.float32) -> Values:
    # Dark: 2 Cb S - a Cb; light: a (Cb - 1) + 2 S (1 - Cb).
    return (over + over - alpha) * np.minimum(under, _ONE - under)


def _darken(under: Values, over: Values, alpha: Values | np.float32) -> Values:
    return np.minimum(over - alpha * under, np.float32(0))


def _lighten(under: Values, over: Values, alpha: Values | np.float32) -> Values:
    return np.maximum(over - alpha * under, np.float32(0))


def _add(under: Values, over: Values, alpha: Values | np.float32) -> Values:
    del alpha
    return np.minimum(over, _ONE - under)


MODES: dict[str, Mode] = {
    "multiply": _multiply,
    "screen": _screen,
    "overlay": _overlay,
    "darken": _darken,
    "lighten": _lighten,
    "add": _add,
}
"""By the word of the manifest; ``normal`` needs none."""


class Planes(NamedTuple):
    """A picture in the encoder's format, with its alpha as a patch has it; None where it is opaque."""

    luma: Plane
    cb: Plane
    cr: Plane
    alpha: Plane | None = None
    alpha_chroma: Plane | None = None

    def part(self, rows: tuple[int, int], columns: tuple[int, int]) -> "Planes":
        """A view of some rows and columns; even numbers."""
        whole = slice(*rows), slice(*columns)
        half = slice(rows[0] // 2, rows[1] // 2), slice(columns[0] // 2, columns[1] // 2)
        alpha = None if self.alpha is None else self.alpha[whole]
        alpha_chroma = None if self.alpha_chroma is None else self.alpha_chroma[half]
        return Planes(self.luma[whole], self.cb[half], self.cr[half], alpha, alpha_chroma)


def _quarters(plane: Plane) -> Values:
    """The four pixels of each pixel of chroma, apart, so that chroma need not be enlarged.
    [shape=(4, height / 2, width / 2)]"""
    height, width = plane.shape
    pairs = np.ascontiguousarray(plane).view(np.uint16)  # strided bytes would take four times as long
    quarters = np.empty((4, height // 2, width // 2), np.float32)
    for row in (0, 1):
        line = pairs[row::2]
        quarters[2 * row], quarters[2 * row + 1] = line & 255, line >> 8
    return quarters


def _put_back(plane: Plane, quarters: Values) -> None:
    """Codes from :func:`_quarters`, rounded."""
    np.rint(quarters, out=quarters)
    codes = np.clip(quarters, 0, 255, out=quarters).astype(np.uint16)
    pairs = plane.view(np.uint16)
    for row in (0, 1):
        pairs[row::2] = codes[2 * row] | codes[2 * row + 1] << 8


def _chroma(plane: Plane, alpha: Plane | None, share: np.float32) -> Values:
    """A colour difference in parts of white, times ``share``; that of a patch holds 128 multiplied by its alpha."""
    from_black = plane.astype(np.float32)
    from_black -= np.float32(128) if alpha is None else alpha * np.float32(128 / 255)
    from_black *= share / np.float32(224)
    return from_black


def _offsets(planes: Planes, share: np.float32) -> tuple[Values, Values, Values]:
    """What R', G' and B' are more than luma's code (of an opaque picture; else than luma from black), times ``share``.
    [shape=(height / 2, width / 2)]"""
    cb, cr = (_chroma(plane, planes.alpha_chroma, share) for plane in (planes.cb, planes.cr))
    black = share * np.float32(16 / 219) if planes.alpha is None else np.float32(0)
    return cr * _CR_TO_RED - black, cr * _CR_TO_GREEN + cb * _CB_TO_GREEN - black, cb * _CB_TO_BLUE - black


def _moved(plane: Plane, by: Values) -> None:
    """Add codes to a plane of chroma in place."""
    np.copyto(plane, np.clip(np.rint(plane + by), 0, 255).astype(np.uint8))


def _blend_strip(target: Planes, layer: Planes, share: np.float32, mode: Mode) -> None:
    codes, over_luma = _quarters(target.luma), _quarters(layer.luma)
    under_luma = codes * np.float32(1 / 219)
    over_luma *= share / np.float32(219)
    alpha: Values | np.float32 = share
    if layer.alpha is not None:
        alpha = _quarters(layer.alpha) * (share / np.float32(255))
        over_luma -= alpha * np.float32(16 / 219)
    total, means = np.zeros_like(codes), []
    for part, under, over in zip((_KR, _KG, _KB), _offsets(target, _ONE), _offsets(layer, share), strict=True):
        below, above = under_luma + under, over_luma + over
        np.clip(below, 0, 1, out=below)
        np.clip(above, 0, alpha, out=above)
        # Only what changes is added, so that nothing is lost where the layer is clear.
        change = mode(below, above, alpha)
        means.append(change.sum(axis=0) * np.float32(1 / 4))
        change *= part
        total += change
    bright = means[0] * _KR + means[1] * _KG + means[2] * _KB
    _moved(target.cb, (means[2] - bright) * (np.float32(224) / _CB_TO_BLUE))
    _moved(target.cr, (means[0] - bright) * (np.float32(224) / _CR_TO_RED))
    total *= np.float32(219)
    total += codes
    _put_back(target.luma, total)


def _table(share: int) -> Plane:
    """Each code times ``share`` / 256."""
    return ((np.arange(256) * share + 128) >> 8).astype(np.uint8)


def lay_over(target: Plane, colour: Plane, alpha: Plane, opacity: float) -> None:
    """``colour`` (premultiplied by ``alpha``) over ``target``, in place: Porter and Duff's "over"."""
    left, top, width, height = cv2.boundingRect(alpha)  # around it all is clear
    share = round(opacity * 256)
    table = None if share >= 256 else _table(share)
    for first in range(top, top + height, _STRIP_OVER):
        place = slice(first, min(first + _STRIP_OVER, top + height)), slice(left, left + width)
        weight, lit = alpha[place], colour[place]
        if table is not None:
            weight, lit = cv2.LUT(weight, table), cv2.LUT(lit, table)
        target[place] = cv2.add(times(target[place], cv2.bitwise_not(weight)), lit)  # type: ignore[arg-type]


def blend(target: Planes, layer: Planes, opacity: float, mode: str) -> None:
    """Lay ``layer`` over the opaque ``target``, of the same even size, in place. ``mode``: a key of :data:`MODES`."""
    height, width = target.luma.shape
    top, left = 0, 0
    if layer.alpha is not None:
        x, y, wide, high = cv2.boundingRect(layer.alpha)  # around it all is clear
        left, top, width, height = x // 2 * 2, y // 2 * 2, -(-(x + wide) // 2) * 2, -(-(y + high) // 2) * 2
    for first in range(top, height, _STRIP):
        place = (first, min(first + _STRIP, height)), (left, width)
        _blend_strip(target.part(*place), layer.part(*place), np.float32(opacity), MODES[mode])

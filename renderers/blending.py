"""Blend modes: other ways for a layer to lie over a picture than hiding it.

W3C Compositing and Blending Level 1, 10.1 (separable blend modes), over an opaque backdrop: with Cb the backdrop's
colour, Cs the layer's and a its alpha, ``Co = (1 - a) Cb + a B(Cb, Cs)``; ``add`` is its 9.1.14, ``min(1, Cb + a Cs)``.
As there, colours are R'G'B' of the programme (BT.709), not linear light: it is what editing desks and browsers show.
Written with ``S = a Cs``, which is what a patch holds, nothing is divided.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from renderers.patch import Plane

Values = NDArray[np.floating[Any]]
"""float32 throughout: its sums are the same on every CPU."""
Mode = Callable[[Values, Values, Values], Values]
"""From Cb, S and a (each 0..1) to Co."""

_STRIP = 16
"""Rows that are worked at together: their planes stay in a processor's cache."""

# BT.709, Kr 0.2126, Kb 0.0722.
_KR, _KG, _KB = np.float32(0.2126), np.float32(0.7152), np.float32(0.0722)
_CR_TO_RED, _CB_TO_BLUE = np.float32(1.5748), np.float32(1.8556)
_CR_TO_GREEN, _CB_TO_GREEN = _KR * _CR_TO_RED / _KG, _KB * _CB_TO_BLUE / _KG
_ONE = np.float32(1)


def _multiply(under: Values, over: Values, alpha: Values) -> Values:
    return under * (_ONE - alpha + over)


def _screen(under: Values, over: Values, alpha: Values) -> Values:
    del alpha
    return under + over - under * over


def _overlay(under: Values, over: Values, alpha: Values) -> Values:
    light = under + under - _ONE
    mixed = np.where(under <= 0.5, (under + under) * over, alpha * light + over - light * over)
    return under * (_ONE - alpha) + mixed


def _darken(under: Values, over: Values, alpha: Values) -> Values:
    return under * (_ONE - alpha) + np.minimum(alpha * under, over)


def _lighten(under: Values, over: Values, alpha: Values) -> Values:
    return under * (_ONE - alpha) + np.maximum(alpha * under, over)


def _add(under: Values, over: Values, alpha: Values) -> Values:
    del alpha
    return np.minimum(under + over, _ONE)


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

    def rows(self, first: int, last: int) -> "Planes":
        """A view of some rows; even numbers."""
        whole, half = slice(first, last), slice(first // 2, last // 2)
        alpha = None if self.alpha is None else self.alpha[whole]
        alpha_chroma = None if self.alpha_chroma is None else self.alpha_chroma[half]
        return Planes(self.luma[whole], self.cb[half], self.cr[half], alpha, alpha_chroma)


def _difference(plane: Plane, alpha: Plane | None, black: int, span: int) -> Values:
    """Codes as numbers from black, in parts of ``span``; those of a patch hold black multiplied by its alpha."""
    offset = np.float32(black) if alpha is None else alpha.astype(np.float32) * np.float32(black / 255)
    return (plane.astype(np.float32) - offset) * np.float32(1 / span)


def _doubled(plane: Values) -> Values:
    return plane.repeat(2, axis=0).repeat(2, axis=1)


def _rgb(planes: Planes, limit: Values) -> tuple[Values, Values, Values]:
    """R'G'B', as bright as ``limit`` at most."""
    luma = _difference(planes.luma, planes.alpha, 16, 219)
    cb = _difference(planes.cb, planes.alpha_chroma, 128, 224)
    cr = _difference(planes.cr, planes.alpha_chroma, 128, 224)
    red, green, blue = (
        np.clip(luma + _doubled(one), 0, limit)
        for one in (cr * _CR_TO_RED, -(cr * _CR_TO_GREEN) - cb * _CB_TO_GREEN, cb * _CB_TO_BLUE)
    )
    return red, green, blue


def _moved(plane: Plane, by: Values, span: int) -> None:
    """Add ``by``, in parts of ``span``, to a plane in place."""
    np.copyto(plane, np.clip(np.rint(plane + by * np.float32(span)), 0, 255).astype(np.uint8))


def _halved(plane: Values) -> Values:
    return (plane[::2, ::2] + plane[1::2, ::2] + plane[::2, 1::2] + plane[1::2, 1::2]) * np.float32(0.25)


def _blend_strip(target: Planes, layer: Planes, share: np.float32, mode: Mode) -> None:
    alpha = np.full(layer.luma.shape, share) if layer.alpha is None else layer.alpha.astype(np.float32) * (share / 255)
    alpha = alpha.astype(np.float32)
    under = _rgb(target, np.ones_like(alpha))
    over = (np.minimum(one * share, alpha) for one in _rgb(layer, np.ones_like(alpha)))
    # Only what changes is added, so that nothing is lost where the layer is clear.
    red, green, blue = (mode(one, other, alpha) - one for one, other in zip(under, over, strict=True))
    luma = red * _KR + green * _KG + blue * _KB
    _moved(target.luma, luma, 219)
    _moved(target.cb, _halved((blue - luma) * (_ONE / _CB_TO_BLUE)), 224)
    _moved(target.cr, _halved((red - luma) * (_ONE / _CR_TO_RED)), 224)


def blend(target: Planes, layer: Planes, opacity: float, mode: str) -> None:
    """Lay ``layer`` over the opaque ``target``, of the same even size, in place. ``mode``: a key of :data:`MODES`."""
    for first in range(0, target.luma.shape[0], _STRIP):
        rows = first, min(first + _STRIP, target.luma.shape[0])
        strip = layer.rows(*rows)
        if strip.alpha is None or strip.alpha.any():
            _blend_strip(target.rows(*rows), strip, np.float32(opacity), MODES[mode])

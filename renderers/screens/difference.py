"""How much of a screen's colour is in a picture: the colour difference of Vlahos, in the encoder's own Y'CbCr.

Vlahos (US 3,158,477 and 4,100,569; Smith & Blinn, "Blue Screen Matting", SIGGRAPH 1996) takes the screen's channel less
the larger of the other two. In Y'CbCr that difference is free of luma (BT.709: G' - R' = -0.1873 Cb - 2.0429 Cr), so it
costs a quarter of the picture in 4:2:0. Mixing is undone in R'G'B' codes because the compositor mixes in these: what is
keyed and laid over its own screen again is the picture that it was.
"""

from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from renderers.patch import Plane

Values = NDArray[np.floating[Any]]
"""32-bit floats, but for what a screen is learnt from."""
Channel = Literal["red", "green", "blue"]

# BT.709-6 item 3: what Cb and Cr (as differences from 128) add to Y' in each channel.
_ADDED: dict[Channel, tuple[float, float]] = {"red": (0.0, 1.5748), "green": (-0.1873, -0.4681), "blue": (1.8556, 0.0)}
_OTHERS: dict[Channel, tuple[Channel, Channel]] = {
    "red": ("green", "blue"),
    "green": ("red", "blue"),
    "blue": ("red", "green"),
}
_DEGREE = 3
"""Of a screen's model: a lamp's falloff and a second lamp, but no shape of a performer."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The colour difference of one channel, of Cb and Cr as differences from 128."""

    channel: Channel

    def _less(self, other: Channel) -> tuple[np.float32, np.float32]:
        own, its = _ADDED[self.channel], _ADDED[other]
        return np.float32(own[0] - its[0]), np.float32(own[1] - its[1])

    def over_larger(self, cb: Values, cr: Values) -> Values:
        """The channel less the larger of the others: above 0 in nothing but colours of the screen's kind."""
        one, two = (blue * cb + red * cr for blue, red in map(self._less, _OTHERS[self.channel]))
        return np.minimum(one, two)

    def coarsely(self, cb: Plane, cr: Plane) -> NDArray[np.int16]:
        """:meth:`over_larger` of whole planes in parts of 1/64, to a five-hundredth: quick, to part screen from not."""
        codes = np.arange(256) - 128
        one, two = (
            cv2.LUT(cb, (codes * round(64 * float(blue))).astype(np.int16))
            + cv2.LUT(cr, (codes * round(64 * float(red))).astype(np.int16))
            for blue, red in map(self._less, _OTHERS[self.channel])
        )
        return np.minimum(one, two)

    def over_mean(self, cb: Values, cr: Values) -> Values:
        """The channel less the mean of the others: above 0 in yellow and cyan too, if the screen is green."""
        (one_blue, one_red), (two_blue, two_red) = map(self._less, _OTHERS[self.channel])
        return (one_blue + two_blue) / 2 * cb + (one_red + two_red) / 2 * cr


def light_of(channel: Channel, luma: float, cb: float, cr: float) -> np.float32:
    """How bright what a screen shines on a performer is, codes of luma for a code of :meth:`Difference.over_larger`.

    luma, cb, cr : the screen's own, limited-range codes, Cb and Cr as differences.

    Light adds up as light, and a screen is purer in light than in codes: its R'G'B' are squared, near enough. A pale
    screen's light is mostly white and nobody can tell it from a lamp's, so there is a most.
    """
    lit = (luma - 16) / 219
    codes = {name: max(0.0, lit + (blue * cb + red * cr) / 224) for name, (blue, red) in _ADDED.items()}
    light = {name: code * code for name, code in codes.items()}
    bright = 0.2126 * light["red"] + 0.7152 * light["green"] + 0.0722 * light["blue"]
    larger = light[channel] - max(light[other] for other in _OTHERS[channel])
    return np.float32(min(1.0, bright / max(larger, 1e-3)) * 219 / 224)


def clipped(values: Values, low: float | Values, high: float | Values) -> Values:
    """Values, none of them beyond these."""
    return np.minimum(np.maximum(values, low), high)


def in_bytes(values: Values) -> Plane:
    """Values as codes 0..255."""
    return (clipped(values, 0, 255) + np.float32(0.5)).astype(np.uint8)


def differences(plane: Plane) -> Values:
    """A plane of Cb or Cr as differences from 128."""
    return plane.astype(np.float32) - np.float32(128)


def halved(plane: Plane) -> Plane:
    """The mean of each four."""
    return cv2.resize(plane, (plane.shape[1] // 2, plane.shape[0] // 2), interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def grown(mask: NDArray[np.bool_] | Plane, reach: int) -> Plane:
    """Not 0 within ``reach`` pixels, across and down, of where ``mask`` is."""
    side = 2 * reach + 1
    return cv2.dilate(mask.view(np.uint8), np.ones((side, side), np.uint8))  # type: ignore[return-value]


def terms(across: Values, down: Values) -> list[Values]:
    """The terms of a screen's model at places -1..1 of the picture's box, by rising degree."""
    powers = [(i, degree - i) for degree in range(_DEGREE + 1) for i in range(degree + 1)]
    return [_power(across, i) * _power(down, j) for i, j in powers]


def _power(base: Values, exponent: int) -> Values:
    """By multiplying: ``np.power`` rounds differently from one make of CPU to another."""
    result = np.ones_like(base)
    for _ in range(exponent):
        result = result * base
    return result


def places(start: int, length: int, total: int) -> Values:
    """Where ``length`` pixels from ``start`` of a side of ``total`` lie on it, -1..1."""
    return ((2 * (start + np.arange(length)) + 1) / total - 1).astype(np.float32)


def surface(model: tuple[float, ...], across: Values, down: Values) -> Values:
    """A model over a grid. [shape=(len(down), len(across))]"""
    total = np.zeros((len(down), len(across)), np.float32)
    for factor, term in zip(model, terms(across[None, :], down[:, None]), strict=True):
        total += np.float32(factor) * term
    return total

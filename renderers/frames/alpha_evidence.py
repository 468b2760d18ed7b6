"""Whether a file's colours are stored multiplied by their alpha already, as far as its pictures tell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_TOLERANCE = 12
"""Codes by which coding and halved colours may lift a premultiplied colour above its alpha."""
_TELLING_MOST = 255 - 2 * _TOLERANCE
"""Alpha above which no colour can be lifted by more than that: such pixels say nothing."""
_EXCEPTIONS = 0.02
"""Part of the half-clear pixels that may be lifted further: ringing at hard edges."""
_LEAST = 24
"""Half-clear pixels, in all sampled pictures, without which nothing can be told."""
_BRIGHT = 0.8
"""Part of its alpha that a bright colour has. Dark colours lie below their alpha however they are stored."""
_BRIGHT_SHARE = 0.02
_SAMPLED_PIXELS = 1_000_000
"""Of one picture; of larger ones every n-th row and column."""


@dataclass(slots=True)
class AlphaEvidence:
    """What the pictures of one file tell of how their colours are stored."""

    half_clear: int = 0
    lifted: int = 0
    """Half-clear pixels with a colour above their alpha."""
    bright: int = 0

    def add(self, rgba: NDArray[np.uint8]) -> None:
        """Look at one picture. [shape=(height, width, 4)]"""
        step = max(1, round((rgba.shape[0] * rgba.shape[1] / _SAMPLED_PIXELS) ** 0.5))
        rgba = rgba[::step, ::step]
        alpha = rgba[..., 3]
        told = rgba[(alpha > 0) & (alpha < _TELLING_MOST)].astype(np.int16)
        brightest, alpha = told[:, :3].max(axis=1, initial=0), told[:, 3]
        self.half_clear += len(told)
        self.lifted += int(np.count_nonzero(brightest > alpha + _TOLERANCE))
        self.bright += int(np.count_nonzero(brightest >= alpha * _BRIGHT))

    @property
    def is_premultiplied(self) -> bool:
        """No colour is above its alpha, although there are bright ones: that is no chance."""
        if self.half_clear < _LEAST:
            return False
        return self.lifted <= self.half_clear * _EXCEPTIONS and self.bright > self.half_clear * _BRIGHT_SHARE


def is_sampled(number: int) -> bool:
    """Whether the moving picture's frame ``number`` is looked at: fewer and fewer, as a title that comes takes time."""
    return number & (number - 1) == 0

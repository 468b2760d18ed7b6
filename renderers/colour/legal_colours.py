"""What is legal by EBU R 103, and how colours that are not are made paler: in whole pictures and in layers alike."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

BLACK, WHITE = 16, 235
"""Codes of 0 and 100 %."""
LEAST, MOST = -0.05, 1.05
"""R 103: each of R', G' and B' may be 5 % under black and over white, beyond that in 1 % of the pixels."""
BROUGHT_TO = 0.04
"""How far beyond black and white colours are left that go further than they may: the encoder has the rest."""
BROUGHT_FROM = 0.002
"""Share of the pixels beyond the limits from which something is done: below, the cure is worse than the error."""
SPARSE = 6
"""Every sixth chroma sample of every sixth line is looked at: 14,400 in HD."""

# R', G' and B' of 0..1 luma and -0.5..0.5 colour differences, without the luma (BT.709-6, item 3.2 solved).
_RED_OF_V, _GREEN_OF_U, _GREEN_OF_V, _BLUE_OF_U = map(np.float32, (1.5748, -0.187324, -0.468124, 1.8556))

Samples = NDArray[np.floating[Any]]


def differences_of(u: Samples, v: Samples) -> tuple[Samples, Samples, Samples]:
    """R'-Y', G'-Y' and B'-Y', in parts of white, of Cb and Cr in -0.5..0.5, which are overwritten."""
    red, blue = v * _RED_OF_V, u * _BLUE_OF_U
    u *= _GREEN_OF_U
    v *= _GREEN_OF_V
    u += v
    return red, u, blue


def extremes_of(u: Samples, v: Samples) -> tuple[Samples, Samples]:
    """The least and the most of a pixel's three differences."""
    red, green, blue = differences_of(u, v)
    most = np.maximum(red, green)
    np.maximum(most, blue, out=most)
    least = np.minimum(red, green, out=red)
    np.minimum(least, blue, out=least)
    return least, most


def saturation_left(u: Samples, v: Samples, above: Samples, below: Samples) -> Samples:
    """The share of its saturation, 0..1, with which a pixel goes no further than ``above`` and ``below`` its luma."""
    share = np.ones(u.shape, np.float32)
    for difference in differences_of(u, v):
        room = np.where(difference > 0, above, below)
        np.minimum(share, room / np.maximum(np.abs(difference), np.float32(1e-6)), out=share)
    return np.maximum(share, 0)

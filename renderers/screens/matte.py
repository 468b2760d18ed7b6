"""From how clear each pixel of chroma is to how opaque each pixel of luma is.

In Y'CbCr 4:2:0 a matte from chroma alone is cheap and has half the picture's detail; luma has all of it. Around an edge
opacity is a straight line of luma that goes through the screen's own (clear there), so one slope is sought for each
place, as a guided filter does (He, Sun & Tang, "Guided Image Filtering", ECCV 2010) but with that point held: the few
mixed pixels of single hairs are enough. What luma cannot tell, where a performer is as bright as the screen, stays as
soft as chroma is.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from renderers.patch import Plane
from renderers.screens.difference import Values, halved

_AROUND = 3
"""Pixels of chroma across the window in which one slope holds."""
_DILUTED = np.float32(1.4)
"""Chroma is coded coarsely and has lost some of its contrast at single hairs; slopes are steeper than they look."""
_STEEPEST = 1 / 16
"""Of opacity for a code of luma."""
_FAINT = np.float32(0.1)
"""Codes squared, weighed: what keeps the slope from resting on nothing."""
_REACH, _GRAIN = np.float32(1.5), np.float32(4)
"""Luma moves opacity by no more than so many times the deviation that a mixture has between 0 and 1: nothing inside a
performer, whatever pattern is worn. Luma's own noise: variance, codes squared."""
_SHARPER = np.float32(0.7)
"""Of what sets a pixel of chroma apart from those around, added to it: bringing it to luma's size takes that away."""
_CLEAREST, _FULLEST = np.float32(0.015), np.float32(0.975)
"""Opacity up to which, and from which on, a pixel of luma is screen or performer alone."""


def _means(values: Values) -> Values:
    return cv2.blur(values, (_AROUND, _AROUND), borderType=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def grown_to_luma(values: Values, scale: int) -> NDArray[np.int16]:
    """Values at chroma's size at luma's, in whole parts of 1/``scale``: what follows is then exact on any CPU."""
    whole = np.rint(np.clip(values * np.float32(scale), -32768, 32767)).astype(np.int16)
    size = values.shape[1] * 2, values.shape[0] * 2
    return cv2.resize(whole, size, interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def _slope(opacity: Values, above: Values) -> Values:
    """Of opacity for a code of luma. ``above``: luma less the screen's."""
    mixture = opacity * (1 - opacity)
    weighed = mixture * above
    slope = _DILUTED * _means(weighed * opacity) / (_means(weighed * above) + _FAINT)
    mean = _means(above)
    spread = _means(above * above) - mean * mean
    limit = _REACH * np.sqrt(_means(mixture) / (np.maximum(spread, 0) + _GRAIN))
    limit = np.minimum(limit, np.float32(_STEEPEST))
    return np.minimum(np.maximum(slope, -limit), limit)


def matte(luma: Plane, screen: Plane, clearness: Values) -> Plane:
    """Opacity at luma's size, 0..255.

    luma, screen : the picture's and its screen's own.
    clearness : how much of the screen is seen, 0..1. [shape=(height / 2, width / 2)]
    """
    guide = halved(luma).astype(np.float32)
    opacity = 1 - clearness
    slope = _slope(opacity, guide - halved(screen).astype(np.float32))
    sharp = opacity + _SHARPER * (opacity - _means(opacity))
    wider = 1 / (_FULLEST - _CLEAREST)
    steep = grown_to_luma(slope * (wider * 255), 1024)
    base = grown_to_luma((sharp - slope * guide - _CLEAREST) * (wider * 255), 8)
    detail = cv2.multiply(steep, luma, scale=1 / 1024, dtype=cv2.CV_32F)
    return cv2.addWeighted(base, 1 / 8, detail, 1, 0, dtype=cv2.CV_8U)  # type: ignore[return-value]

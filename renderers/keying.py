"""Makes the screen behind a performer clear: a soft matte, the performer's own colours, and no light of the screen's.

In Y'CbCr 4:2:0 a matte from chroma alone is cheap and has half the picture's detail; luma has all of it. So the matte
is made at chroma's size and brought to luma's by a guided filter (He & Sun, "Fast Guided Filter", 2015), which puts
single hairs back where luma has them.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from crowdcut.conform.keying import screen_channel
from crowdcut.orders import Conversion, Raster, Screen
from renderers.difference import Difference, Values, differences, grown, halved, places, surface
from renderers.drawing import ground_patch
from renderers.patch import Drawn, Patch, Plane

cv2.setNumThreads(1)

_CELLS = 120
"""Squares across a picture, by which the performer's colours nearby are known; none is under four pixels of chroma."""
_NEIGHBOURS = 5
"""Squares across that count as nearby."""
_EDGE = 2
"""Pixels of chroma around a mixed one that may be mixed too; the rest has the performer's own colour."""
_BAND = 8
"""How far from a mixed pixel screen may still shine through, thousandths of the width: a fast hand has a wide edge."""
_RADIUS = 3
"""Pixels of chroma across the guided filter's window."""
_SMOOTH = 3.0
"""Variance of luma (codes squared) that the guided filter takes for noise."""
_STEEPEST = 1 / 16
"""Of opacity for a code of luma: a performer as bright as the screen is not told from it by luma."""

_BOUNCE = np.float32(0.25)
"""How much of its own strength a screen may shine on a performer's edge beyond what it does elsewhere."""
_BLACKEST = (np.arange(256) * 16 // 255).astype(np.uint8)
"""Limited-range black under each opacity."""


def _clipped(values: Values, low: float | Values, high: float | Values) -> Values:
    return np.minimum(np.maximum(values, low), high)


def _bytes(values: Values) -> Plane:
    return (_clipped(values, 0, 255) + np.float32(0.5)).astype(np.uint8)


def _means(values: Values, size: int) -> Values:
    return cv2.blur(values, (size, size), borderType=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def _grown(values: Values, luma: Plane) -> NDArray[np.int16]:
    """Values at chroma's size, rounded to whole numbers, at luma's."""
    whole = np.rint(_clipped(values, -32768, 32767)).astype(np.int16)
    return cv2.resize(whole, (luma.shape[1], luma.shape[0]), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


class _Nearby(NamedTuple):
    """The performer around each pixel."""

    cb: Values
    cr: Values
    difference: Values
    """The colour difference of what is most like the screen; -128 where nobody is near."""
    edge: Values
    """How near the screen is, 0..1."""


class Keyer:
    """The key of one layer: its screen at every pixel of a patch that always lies in the same place."""

    def __init__(self, screen: Screen, colour: str, conversion: Conversion, patch: Patch):
        self._screen, self._difference = screen, Difference(screen_channel(colour)[0])
        box, (height, width) = conversion.box, patch.luma.shape
        x, y = patch.x - box.x, patch.y - box.y
        across, down = places(x // 2, width // 2, box.width // 2), places(y // 2, height // 2, box.height // 2)
        self._cb, self._cr = surface(screen.cb, across, down), surface(screen.cr, across, down)
        whole = places(x, width, box.width), places(y, height, box.height)
        self._luma = _bytes(surface(screen.luma, *whole))
        # A model may lose its colour where it was never seen.
        own = np.maximum(self._difference.over_larger(self._cb, self._cr), np.float32(4))
        self._own, self._solid = own, np.float32(screen.solid) * own
        self._chroma = self._cb * self._cb + self._cr * self._cr
        self._over_mean = np.maximum(self._difference.over_mean(self._cb, self._cr), np.float32(4))

    def _nearby(self, cb: Values, cr: Values, mixed: Plane) -> _Nearby:
        """What is around each pixel; no colour where nobody is near."""
        height, width = cb.shape
        cell = max(4, width // _CELLS)
        size = max(1, width // cell), max(1, height // cell)
        solid = (mixed == 0).astype(np.float32)
        planes = (solid, cb * solid, cr * solid)
        share, blue, red = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in planes)
        weight = np.maximum(share, np.float32(1 / 64))
        screenlike = self._difference.over_larger(blue / weight, red / weight)  # type: ignore[arg-type]
        known = np.where(share > 0.25, screenlike, np.float32(-128))
        most = cv2.dilate(known, np.ones((_NEIGHBOURS, _NEIGHBOURS), np.uint8))
        share, blue, red = (_means(one, _NEIGHBOURS) for one in (share, blue, red))  # type: ignore[arg-type]
        weight = np.maximum(share, np.float32(1 / 64))
        told = (blue / weight + 128, red / weight + 128, most + 128, 510 * (1 - share))
        cells = np.stack([_bytes(one) for one in told], axis=-1)  # type: ignore[arg-type]
        smooth = cv2.resize(cells, (width, height), interpolation=cv2.INTER_LINEAR_EXACT).astype(np.float32)
        own_cb, own_cr, own = (smooth[..., number] - np.float32(128) for number in range(3))
        return _Nearby(own_cb, own_cr, own, smooth[..., 3] / np.float32(255))

    def _clearness(self, cb: Values, cr: Values, strength: Values, band: Plane, nearby: _Nearby) -> Values:
        """How much of the screen is seen through each pixel, 0..1: its way from the performer's colour to the screen's.

        Where a performer wears several colours the mean of them is none of them: no pixel is clearer than it would be
        before the one nearby that is most like the screen.

        strength : the colour difference of each pixel.
        band : where that may be more than nothing. Far from the screen nothing is clear, whatever the performer wears.
        """
        blue, red = self._cb - nearby.cb, self._cr - nearby.cr
        length = np.maximum(blue * blue + red * red, self._chroma / 4)
        way = ((cb - nearby.cb) * blue + (cr - nearby.cr) * red) / length
        likest = np.minimum(nearby.difference, self._own / 2)
        way = np.minimum(way, (strength - likest) / (self._own - likest))
        grain, clear = np.float32(self._screen.grain), np.float32(self._screen.clear)
        return _clipped((way - grain) / (clear - grain), 0, 1) * band

    def _matte(self, luma: Plane, clearness: Values) -> Plane:
        """Opacity at luma's size, 0..255."""
        guide = halved(luma).astype(np.float32)
        mean, mean_clear = _means(guide, _RADIUS), _means(clearness, _RADIUS)
        slope = (_means(guide * clearness, _RADIUS) - mean * mean_clear) / (
            _means(guide * guide, _RADIUS) - mean * mean + np.float32(_SMOOTH)
        )
        slope = _clipped(_means(slope, _RADIUS), -_STEEPEST, _STEEPEST)
        # Whole numbers of 1/1024 and 1/8 of a code: what follows is then exact on any CPU.
        steep = _grown(slope * np.float32(-255 * 1024), luma)
        base = _grown((1 - clearness + slope * guide) * np.float32(255 * 8), luma)
        detail = cv2.multiply(steep, luma, scale=1 / 1024, dtype=cv2.CV_32F)
        return cv2.addWeighted(base, 1 / 8, detail, 1, 0, dtype=cv2.CV_8U)  # type: ignore[return-value]

    def _colours(self, cb: Values, cr: Values, clear: Values, edge: Values) -> tuple[Values, Values]:
        """The performer's own Cb and Cr, premultiplied: without the screen's, and without its light.

        That light may leave the channel no stronger than the mean of the others; luma stays. Where nothing is seen
        through, no more is taken away than was found on the performer, and some at the edge: yellow stays yellow.
        """
        cb, cr = cb - clear * self._cb, cr - clear * self._cr
        mean, larger = self._difference.over_mean(cb, cr), self._difference.over_larger(cb, cr)
        most = np.maximum(larger, 0) + (np.float32(self._screen.solid) + edge * (_BOUNCE + clear)) * self._own
        spill = _clipped(mean, 0, most) / self._over_mean
        return cb - spill * self._cb, cr - spill * self._cr

    def keyed(self, patch: Patch) -> Patch:
        """An opaque patch with its screen made clear."""
        cb, cr = differences(patch.cb), differences(patch.cr)
        strength = self._difference.over_larger(cb, cr)
        mixed = strength > self._solid
        near, band = grown(mixed, _EDGE), grown(mixed, max(_EDGE, cb.shape[1] * _BAND // 1000))
        nearby = self._nearby(cb, cr, near)
        clearness = self._clearness(cb, cr, strength, band, nearby)
        alpha = self._matte(patch.luma, clearness)
        quarter = halved(alpha)
        share = quarter.astype(np.float32) / 255
        own_cb, own_cr = self._colours(cb, cr, 1 - share, nearby.edge)
        behind = cv2.multiply(cv2.bitwise_not(alpha), self._luma, scale=1 / 255)
        luma = cv2.min(cv2.max(cv2.subtract(patch.luma, behind), cv2.LUT(alpha, _BLACKEST)), alpha)
        reach = 112 * share
        return replace(
            patch,
            luma=luma,  # type: ignore[arg-type]
            cb=_bytes(_clipped(own_cb, -reach, reach) + 128 * share),
            cr=_bytes(_clipped(own_cr, -reach, reach) + 128 * share),
            alpha=alpha,
            alpha_chroma=quarter,
        )


def keyed_frames(frames: Iterator[Drawn], conversion: Conversion, raster: Raster) -> Iterator[Drawn]:
    """What a source draws, with its screen made clear and its ground behind it; a picture that stands is keyed once.

    frames : each with one opaque patch, or none where it is off screen; the patch lies in the same place in all.
    """
    key = conversion.key
    assert key is not None
    assert key.screen is not None
    ground = (ground_patch(raster.width, raster.height, key.ground),) if key.ground else ()
    keyer: Keyer | None = None
    last: Drawn | None = None
    made: Drawn | None = None
    for drawn in frames:
        if drawn is not last or made is None:
            patches = drawn.patches
            if patches and keyer is None:
                keyer = Keyer(key.screen, key.colour, conversion, patches[0])
            keyed = tuple(keyer.keyed(patch) for patch in patches) if keyer is not None else ()
            last, made = drawn, replace(drawn, patches=(*ground, *keyed))
        yield made

"""Makes the screen behind a performer clear: a soft matte, the performer's own colours, and no light of the screen's.

Most of a picture is plainly screen or plainly performer; only the squares that are neither are worked at.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from crowdcut.conform.keying import screen_channel
from crowdcut.orders import Conversion, Key, Raster, Screen
from renderers.lettering.drawing import ground_patch
from renderers.patch import Drawn, Patch, Plane
from renderers.screens.difference import (
    Difference,
    Values,
    clipped,
    differences,
    grown,
    halved,
    in_bytes,
    light_of,
    places,
    surface,
)
from renderers.screens.matte import matte
from renderers.screens.nearby import Nearby, Neighbourhood
from renderers.screens.tiles import HALO, SIDE, Chosen, Tiles, batches, put, taken

cv2.setNumThreads(1)

_EDGE = 2
"""Pixels of chroma around a mixed one that may be mixed too; the rest has the performer's own colour."""
_BAND = 8
"""How far from a mixed pixel screen may still shine through, thousandths of the width: a fast hand has a wide edge."""

_BOUNCE = np.float32(0.25)
"""How much of its own strength a screen may shine on a performer's edge beyond what it does elsewhere."""
_BLACKEST = (np.arange(256) * 16 // 255).astype(np.uint8)
"""Limited-range black under each opacity."""


class _Looked(NamedTuple):
    """A picture in whole squares, and what is plain to see."""

    luma: Plane
    cb: Plane
    cr: Plane
    performer: Plane
    """Not 0 where there is more than screen."""
    near: Plane
    """Not 0 where a pixel may be mixed."""
    band: Plane
    """Not 0 where some screen may be seen. Far from it nothing is clear, whatever the performer wears."""


class _Part(NamedTuple):
    """Squares of a picture, packed (see :mod:`renderers.screens.tiles`), and what is known of them."""

    luma: Plane
    cb: Values
    cr: Values
    nearby: Nearby
    screen_luma: Plane
    screen_cb: Values
    screen_cr: Values
    own: Values
    """The screen's colour difference."""


_SCALES = (2, 1, 1, 2, 1)
"""Luma, Cb, Cr, alpha, alpha at chroma's size: how much larger they are than chroma."""


class Keyer:
    """The key of one layer: its screen at every pixel of a patch that always lies in the same place."""

    def __init__(self, screen: Screen, colour: str, conversion: Conversion, patch: Patch):
        self._screen, self._difference = screen, Difference(screen_channel(colour)[0])
        box, (height, width) = conversion.box, patch.cb.shape
        self._tiles = Tiles(height, width)
        x, y = patch.x - box.x, patch.y - box.y
        across, down = places(x // 2, width, box.width // 2), places(y // 2, height, box.height // 2)
        self._cb, self._cr = (self._tiles.widened(surface(one, across, down)) for one in (screen.cb, screen.cr))
        whole = places(x, 2 * width, box.width), places(y, 2 * height, box.height)
        self._luma = self._tiles.widened(in_bytes(surface(screen.luma, *whole)), 2)
        # A model may lose its colour where it was never seen.
        self._own = np.maximum(self._difference.over_larger(self._cb, self._cr), np.float32(4))
        limits = (screen.solid, screen.clear)
        self._solid, self._clear = ((self._own * np.float32(64 * limit)).astype(np.int16) for limit in limits)
        self._light = light_of(self._difference.channel, screen.luma[0], screen.cb[0], screen.cr[0])

    def _looked(self, patch: Patch) -> _Looked:
        widened = self._tiles.widened
        cb, cr = widened(patch.cb), widened(patch.cr)
        strength = self._difference.coarsely(cb, cr)
        mixed = cv2.compare(strength, self._solid, cv2.CMP_GT)
        performer = cv2.compare(strength, self._clear, cv2.CMP_LT)
        band = max(_EDGE, patch.cb.shape[1] * _BAND // 1000)
        return _Looked(widened(patch.luma, 2), cb, cr, performer, grown(mixed, _EDGE), grown(mixed, band))  # type: ignore[arg-type]

    def _part(self, looked: _Looked, around: Neighbourhood, chosen: Chosen) -> _Part:
        luma, screen = (taken(one, chosen, 2 * SIDE, 2 * HALO) for one in (looked.luma, self._luma))
        planes = (looked.cb, looked.cr, self._cb, self._cr, self._own)
        cb, cr, *screens = (taken(one, chosen, SIDE, HALO) for one in planes)
        return _Part(luma, differences(cb), differences(cr), around.of(chosen), screen, *screens)

    def _clearness(self, part: _Part, looked: _Looked, chosen: Chosen) -> Values:
        """How much of the screen is seen through each pixel, 0..1: its way from the performer's colour to the screen's.

        Where a performer wears several colours the mean of them is none of them: no pixel is clearer than it would be
        before the one nearby that is most like the screen.
        """
        near = part.nearby
        blue, red = part.screen_cb - near.cb, part.screen_cr - near.cr
        least = (part.screen_cb * part.screen_cb + part.screen_cr * part.screen_cr) / 4
        length = np.maximum(blue * blue + red * red, least)
        way = ((part.cb - near.cb) * blue + (part.cr - near.cr) * red) / length
        likest = np.minimum(near.difference, part.own / 2)
        way = np.minimum(way, (self._difference.over_larger(part.cb, part.cr) - likest) / (part.own - likest))
        grain, clear = np.float32(self._screen.grain), np.float32(self._screen.clear)
        found = clipped((way - grain) / (clear - grain), 0, 1)
        band, performer = (taken(one, chosen, SIDE, HALO) for one in (looked.band, looked.performer))
        found[band == 0] = 0
        found[performer == 0] = 1
        return found

    def _colours(self, part: _Part, clear: Values) -> tuple[Values, Values, Values]:
        """The performer's own Cb and Cr, premultiplied: without the screen's, and without its light; and the luma of
        that light.

        The light may leave the channel no stronger than the mean of the others. Where nothing is seen through, no more
        is taken away than was found on the performer, and some at the edge: yellow stays yellow, and as bright.
        """
        cb, cr = part.cb - clear * part.screen_cb, part.cr - clear * part.screen_cr
        mean, larger = self._difference.over_mean(cb, cr), np.maximum(self._difference.over_larger(cb, cr), 0)
        most = larger + (np.float32(self._screen.solid) + part.nearby.edge * (_BOUNCE + clear)) * part.own
        spill = clipped(mean, 0, most)
        # What was taken away beyond the performer's own colours comes back: a matte is never quite right.
        screens = np.maximum(self._difference.over_mean(part.screen_cb, part.screen_cr), np.float32(4))
        nearby = np.minimum(self._difference.over_mean(part.nearby.cb, part.nearby.cr), 0)
        spill -= clipped((1 - clear) * nearby - mean, 0, clear * screens)
        spill /= screens
        return cb - spill * part.screen_cb, cr - spill * part.screen_cr, larger * self._light

    def _foreground(self, part: _Part, alpha: Plane) -> tuple[Plane, ...]:
        """What a patch holds of some squares: luma, Cb, Cr, alpha, and alpha at chroma's size."""
        quarter = halved(alpha)
        share = quarter.astype(np.float32) / 255
        cb, cr, light = self._colours(part, 1 - share)
        lit = cv2.resize(in_bytes(light), alpha.shape[::-1], interpolation=cv2.INTER_LINEAR_EXACT)
        behind = cv2.multiply(cv2.bitwise_not(alpha), part.screen_luma, scale=1 / 255)
        own = cv2.subtract(cv2.subtract(part.luma, behind), lit)
        own = cv2.min(cv2.max(own, cv2.LUT(alpha, _BLACKEST)), alpha)
        reach = 112 * share
        chroma = (in_bytes(clipped(one, -reach, reach) + 128 * share) for one in (cb, cr))
        return own, *chroma, alpha, quarter  # type: ignore[return-value]

    def keyed(self, patch: Patch) -> Patch:
        """An opaque patch with its screen made clear."""
        tiles, looked = self._tiles, self._looked(patch)
        seen, edged = tiles.any(grown(looked.performer, HALO)), tiles.any(grown(looked.band, HALO))
        around = Neighbourhood(looked.cb, looked.cr, looked.near, seen, self._difference)
        planes = [tiles.blank(scale) for scale in _SCALES]
        for squares, mixed in ((seen & edged, True), (seen & ~edged, False)):
            for chosen in batches(squares):
                part = self._part(looked, around, chosen)
                alpha = np.full_like(part.luma, 255)
                if mixed:
                    alpha = matte(part.luma, part.screen_luma, self._clearness(part, looked, chosen))
                for plane, packed, scale in zip(planes, self._foreground(part, alpha), _SCALES, strict=True):
                    put(plane, chosen, packed, SIDE * scale, HALO * scale)
        luma, cb, cr, alpha, quarter = (tiles.cut(plane, scale) for plane, scale in zip(planes, _SCALES, strict=True))
        return replace(patch, luma=luma, cb=cb, cr=cr, alpha=alpha, alpha_chroma=quarter)


def keyed_frames(frames: Iterator[Drawn], conversion: Conversion) -> Iterator[Drawn]:
    """What a source draws, with its screen made clear; a picture that stands is keyed once.

    frames : each with one opaque patch, or none where it is off screen; the patch lies in the same place in all.
    """
    key = conversion.key
    assert key is not None
    assert key.screen is not None
    keyer: Keyer | None = None
    last: Drawn | None = None
    made: Drawn | None = None
    for drawn in frames:
        if drawn is not last or made is None:
            if drawn.patches and keyer is None:
                keyer = Keyer(key.screen, key.colour, conversion, drawn.patches[0])
            keyed = tuple(keyer.keyed(patch) for patch in drawn.patches) if keyer is not None else ()
            last, made = drawn, replace(drawn, patches=keyed)
        yield made


def grounded_frames(frames: Iterator[Drawn], key: Key, raster: Raster) -> Iterator[Drawn]:
    """Keyed frames with what is seen behind the performer, which stands wherever a view moves."""
    ground = ground_patch(raster.width, raster.height, key.ground)
    last: Drawn | None = None
    made: Drawn | None = None
    for drawn in frames:
        if drawn is not last or made is None:
            last, made = drawn, replace(drawn, patches=(ground, *drawn.patches))
        yield made

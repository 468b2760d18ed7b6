"""The template's background, half clear, so that words can be read over any picture."""

from collections.abc import Iterator
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from crowdcut.orders import Raster, Veil
from renderers.lettering.drawing import ground
from renderers.patch import Drawn, patch_from_premultiplied
from renderers.sources import Setting

_SOLID = 0.58
"""Part of the width over which it keeps its share before it fades: words may stand there."""


def _shares(veil: Veil, width: int) -> NDArray[np.float64]:
    """How much it hides from column to column."""
    if veil.open_side is None:
        return np.full(width, veil.share)
    part = np.clip(((np.arange(width) + 0.5) / width - _SOLID) / (1 - _SOLID), 0, 1)
    shares = veil.share + (veil.open_share - veil.share) * part * part * (3 - 2 * part)
    return shares if veil.open_side == "right" else shares[::-1]


def _drawn(veil: Veil, raster: Raster) -> Drawn:
    colours = ground(raster.width, raster.height, veil.background)
    pixels = np.floor(colours * _shares(veil, raster.width)[None, :, None] + 0.5).astype(np.uint8)
    return Drawn(patches=(patch_from_premultiplied(pixels),))


def frames(source: Veil, setting: Setting) -> Iterator[Drawn]:
    """One picture that stands."""
    yield from repeat(_drawn(source, setting.raster), setting.count)

"""The template's background, half clear, so that words can be read over any picture."""

from collections.abc import Iterator
from itertools import repeat

import numpy as np

from crowdcut.orders import Raster, Veil
from renderers.drawing import ground
from renderers.patch import Drawn, patch_from_premultiplied
from renderers.sources import Setting


def _drawn(veil: Veil, raster: Raster) -> Drawn:
    part = (np.arange(raster.width) + 0.5) / raster.width
    share = veil.left + (veil.right - veil.left) * part * part * (3 - 2 * part)
    colours = ground(raster.width, raster.height, veil.background)
    pixels = np.floor(colours * share[None, :, None] + 0.5).astype(np.uint8)
    return Drawn(patches=(patch_from_premultiplied(pixels),))


def frames(source: Veil, setting: Setting) -> Iterator[Drawn]:
    """One picture that stands."""
    yield from repeat(_drawn(source, setting.raster), setting.count)

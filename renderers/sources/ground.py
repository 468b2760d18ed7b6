"""Nothing but the template's background."""

from collections.abc import Iterator
from itertools import repeat

from crowdcut.orders import Ground
from renderers.lettering.drawing import ground_patch
from renderers.patch import Drawn
from renderers.sources import Setting


def frames(ground: Ground, setting: Setting) -> Iterator[Drawn]:
    """One picture that stands."""
    patch = ground_patch(setting.raster.width, setting.raster.height, ground.background)
    yield from repeat(Drawn(patches=(patch,)), setting.count)

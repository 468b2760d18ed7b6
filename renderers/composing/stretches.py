"""Layers drawn a stretch of frames at a time, one layer after the other, where all their decoders side by side would
take too much memory: a grid of 4K clips.

What a decoder holds is whole pictures, as many as later ones are made from; what a stretch holds is pictures as large
as their cells. A span may be cut anywhere, so the pictures are the same either way.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from crowdcut.orders import Layer, PictureOrder, Raster, Video
from renderers.patch import Drawn
from renderers.sources import Setting

_DECODERS_BYTES = 512 << 20
"""Decoders that together hold no more stay open side by side: four of 4K, a dozen of HD."""
_HELD_BYTES = 384 << 20
"""Of pictures that are held for a stretch: 120 frames of an HD grid, five seconds."""
_DECODER_PICTURES = 9
"""That a decoder holds: H.264 refers to at most five of 4K, and some are on their way in and out. Measured: 8 to 9."""
_STRETCH_MIN = 12
"""Frames. Each stretch seeks anew and decodes from the key frame before."""


def _decoder_bytes(layer: Layer) -> int:
    if not isinstance(layer.source, Video):
        return 0
    picture = layer.source.picture
    return picture.width * picture.height * 3 // 2 * (2 if picture.bit_depth > 8 else 1) * _DECODER_PICTURES


def _drawn_bytes(layer: Layer, raster: Raster) -> int:
    """Of one frame as it is laid on the canvas."""
    if not isinstance(layer.source, Video):
        return 0
    conversion = layer.source.conversion
    seen = conversion.box if conversion.pan is None else conversion.pan.region
    whole = layer.window or raster
    area = seen.width * seen.height + (whole.width * whole.height if conversion.backdrop else 0)
    return area * (3 if layer.source.picture.alpha or conversion.key is not None else 2)


def stretch_of(order: PictureOrder) -> int | None:
    """Frames that each layer of an order is drawn for at a time; None: all decoders may stay open."""
    layers = (*order.stack, *(order.transition.leaving if order.transition else ()), *order.over)
    if sum(map(_decoder_bytes, layers)) <= _DECODERS_BYTES:
        return None
    each = sum(_drawn_bytes(layer, order.raster) for layer in layers)
    return max(_STRETCH_MIN, _HELD_BYTES // each)


def in_stretches(
    source: Any, setting: Setting, stretch: int, drawn: Callable[[Any, Setting], Iterator[Drawn]]
) -> Iterator[Drawn]:
    """The frames of a source as ``drawn`` gives them; no decoder is open while another layer is drawn."""
    for start in range(0, setting.count, stretch):
        count = min(stretch, setting.count - start)
        held = deque(drawn(source, replace(setting, age_frames=setting.age_frames + start, count=count)))
        while held:
            yield held.popleft()

"""Moving pictures of a contributed file."""

from collections.abc import Iterator

from crowdcut.orders import Video
from renderers.filtering import Converter
from renderers.patch import Drawn
from renderers.picking import picked_frames
from renderers.sources import Setting


def frames(source: Video, setting: Setting) -> Iterator[Drawn]:
    """Each output frame shows the source frame that a player has on screen at its source time."""
    converter = Converter(source.picture, source.conversion, setting.raster)
    rate = setting.raster.rate
    times = [source.start + (setting.age_frames + number) / rate for number in range(setting.count)]
    last_tick: int | None = None
    drawn: Drawn | None = None
    for picked in picked_frames(setting.inputs[source.file], source.picture, times):
        shown = (picked.tick, picked.next_tick)
        if drawn is None or picked.tick != last_tick:
            drawn = Drawn(patches=converter.patches(picked.frame), shown=shown)
            last_tick = picked.tick
        yield drawn

"""Moving pictures of a contributed file."""

from collections.abc import Iterator

from av.error import FFmpegError

from crowdcut.orders import Video
from renderers.door import broken
from renderers.filtering import Converter
from renderers.patch import Drawn
from renderers.picking import picked_frames
from renderers.sources import Setting


def frames(source: Video, setting: Setting) -> Iterator[Drawn]:
    """Each output frame shows the source frame that a player has on screen at its source time."""
    path, rate = setting.inputs[source.file], setting.raster.rate
    converter = Converter(source.picture, source.conversion, setting.raster)
    times = [source.start + (setting.age_frames + number) / rate for number in range(setting.count)]
    drawn: Drawn | None = None
    try:
        for picked in picked_frames(path, source.picture, times, source.conversion):
            shown = (picked.tick, picked.next_tick)
            if drawn is None or drawn.shown != shown:
                drawn = Drawn(patches=converter.patches(picked.frame), shown=shown)
            yield drawn
    except FFmpegError as error:
        raise broken(path, f"its pictures cannot be converted: {error.strerror}", rule="broken-clip") from error

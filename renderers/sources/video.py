"""Moving pictures of a contributed file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from av import VideoFrame
from av.error import FFmpegError

from crowdcut.conform.sampling import HELD, as_shown, share_of_next, source_time_at
from crowdcut.orders import Video
from renderers.files.door import broken
from renderers.frames.between import Between
from renderers.frames.filtering import Converter
from renderers.patch import Drawn, Patch
from renderers.sources import Setting
from renderers.video.picking import Picked, picked_frames

_BACKWARDS_BYTES = 96 << 20
"""Of converted pictures that are kept to be shown backwards, 32 in HD: a clip is never held whole, and what lies
between a stretch of them and the key frame before is decoded anew for each."""


@dataclass(slots=True)
class _Projector:
    """Turns picked frames into what is shown; converts each source picture once."""

    source: Video
    converter: Converter
    _converted: dict[int, tuple[Patch, ...]] = field(default_factory=dict)
    _asked: tuple[int, int | None, int | None] | None = None
    """What was drawn last: both ticks and the share between them."""
    _drawn: Drawn | None = None
    _between: tuple[int, Between] | None = None
    """The last two pictures that were mixed, by the tick of the first."""

    def drawn(self, picked: Picked, moment: Fraction) -> Drawn:
        """What is shown at a source time; the same object again where that is the same."""
        asked = picked.tick, picked.next_tick, self._share(picked, moment)
        if self._drawn is None or asked != self._asked:
            self._asked, self._drawn = asked, self._made(picked, asked[-1])
        return self._drawn

    def _share(self, picked: Picked, moment: Fraction) -> int | None:
        if self.source.motion == "nearest":
            return None
        picture = as_shown(self.source.picture, self.source.conversion)
        return share_of_next(picture, picked.tick, picked.next_tick, moment)

    def _made(self, picked: Picked, share: int | None) -> Drawn:
        patches = None
        if share:
            patches = self._pair(picked).at(share) if picked.following is not None else None
            share = share if patches is not None else HELD
        patches = patches or self._patches(picked.tick, picked.frame)
        return Drawn(patches=patches, shown=(picked.tick, picked.next_tick), mixed=share)

    def _patches(self, tick: int, frame: VideoFrame) -> tuple[Patch, ...]:
        if tick not in self._converted:
            self._converted = dict(list(self._converted.items())[-1:])
            self._converted[tick] = self.converter.patches(frame)
        return self._converted[tick]

    def _pair(self, picked: Picked) -> Between:
        assert picked.following is not None
        assert picked.next_tick is not None
        if self._between is None or self._between[0] != picked.tick:
            pictures = self._patches(picked.tick, picked.frame), self._patches(picked.next_tick, picked.following)
            self._between = picked.tick, Between(*pictures, self.source.motion)
        return self._between[1]


def _forwards(source: Video, setting: Setting, times: list[Fraction]) -> Iterator[Drawn]:
    """What is shown at each source time; these never fall."""
    path = setting.inputs[source.file]
    projector = _Projector(source, Converter(source.picture, source.conversion, setting.raster))
    try:
        for moment, picked in zip(times, picked_frames(path, source.picture, times, source.conversion), strict=True):
            yield projector.drawn(picked, moment)
    except FFmpegError as error:
        raise broken(path, f"its pictures cannot be converted: {error.strerror}", rule="broken-clip") from error


def _backwards(source: Video, setting: Setting, times: Sequence[Fraction]) -> Iterator[Drawn]:
    """What is shown at each source time; these fall. Decoded forwards, a stretch of them at a time."""
    box, raster = source.conversion.box, setting.raster
    area = box.width * box.height + (raster.width * raster.height if source.conversion.backdrop else 0)
    stretch = max(1, _BACKWARDS_BYTES // (area * (3 if source.picture.alpha else 2)))
    for start in range(0, len(times), stretch):
        shown = list(_forwards(source, setting, list(reversed(times[start : start + stretch]))))
        while shown:
            yield shown.pop()


def frames(source: Video, setting: Setting) -> Iterator[Drawn]:
    """Each output frame shows the source frame that a player has on screen at its source time, or what lies between
    that and the next one."""
    ages = range(setting.age_frames, setting.age_frames + setting.count)
    times = [source_time_at(source, age, setting.raster.rate) for age in ages]
    yield from (_backwards if source.speed < 0 else _forwards)(source, setting, times)

"""Frames of a contributed video by source time: decoded from a place that is known to be right, one after another."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path

from av import VideoFrame
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from crowdcut.conform.sampling import as_shown, first_tick, last_tick_at, tick_length
from crowdcut.media import Picture
from crowdcut.orders import Conversion
from crowdcut.timing import clock
from renderers.files.door import broken, opened
from renderers.files.streams import decoded
from renderers.video.deinterlacing import Frames, Ticked, deinterlaced
from renderers.video.telecine import film_pictures, stored_tick_before

_BACK_OFFS = (Fraction(0), Fraction(1), Fraction(3), Fraction(10))
"""Seconds before the wanted time that are tried until a seek lands at or before it."""

_UNINDEXED = frozenset({"mpegts", "mpeg", "mpegvideo", "flv", "h264", "hevc", "avi", "asf"})
"""Formats that land late or on pictures whose references are missing: two more seconds are decoded before."""
_SETTLING = Fraction(2)

_HIDDEN_ALPHA = frozenset({"vp8", "vp9"})
"""Codecs whose alpha only a decoder of our own keeps, which a seek does not flush."""

_FRAMES_FROM_START = 48
"""Pictures that are decoded from the beginning rather than sought: quick, and right in every file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """The frame on screen at one moment."""

    frame: VideoFrame
    tick: int
    """Its timestamp, in the picture's time base (or its number, where pictures are counted)."""
    next_tick: int | None
    """The timestamp of the one after; None: it is the last."""
    following: VideoFrame | None
    """The one after, unless something between the two is damaged."""


@dataclass(slots=True)
class _Reading:
    """The frames of one decoding run, with their ticks; remembers packets that could not be decoded."""

    container: InputContainer
    stream: VideoStream
    count_frames: bool
    damaged: bool = False
    """Whether a packet since the last frame given out was damaged."""

    def frames(self) -> Iterator[Ticked]:
        """All frames from where the container stands; those out of order are no news and are passed over."""
        last: int | None = None
        for number, frame in enumerate(self._decoded()):
            tick = number if self.count_frames else frame.pts
            if tick is not None and (last is None or tick > last):
                last = tick
                yield Ticked(tick, frame, self.damaged)
                self.damaged = False

    def _decoded(self) -> Iterator[VideoFrame]:
        for frames in decoded(self.container, self.stream):
            if frames is None:
                self.damaged = True
            else:
                yield from (frame for frame in frames if isinstance(frame, VideoFrame))


def _seeking_pays(picture: Picture, wanted: int) -> bool:
    """Whether ``wanted`` lies so far in that decoding from the beginning would cost more than a seek is worth."""
    if picture.count_frames or (picture.alpha and picture.codec in _HIDDEN_ALPHA):
        return False
    from_start = wanted * tick_length(picture) - picture.start
    return from_start * (picture.rate or 25) > _FRAMES_FROM_START


def _sought(reading: _Reading, picture: Picture, wanted: int) -> Iterator[Ticked] | None:
    """Frames from one at or before ``wanted`` on; None where no seek lands there."""
    # Some demuxers seek wrong until they have seen a picture.
    next(reading.frames(), None)
    late = _UNINDEXED.intersection(reading.container.format.name.split(","))
    for back in _BACK_OFFS:
        target = wanted - int((back + (_SETTLING if late else 0)) / tick_length(picture))
        try:
            reading.container.seek(target, stream=reading.stream, backward=True)
        except FFmpegError:
            return None
        frames = reading.frames()
        first = next(frames, None)
        if first is not None and first.tick <= target:
            return chain((first,), frames)
    return None


def _reading(container: InputContainer, path: Path, picture: Picture) -> _Reading:
    stream = container.streams[picture.stream or 0]
    if not isinstance(stream, VideoStream):
        raise broken(path, "its picture stream is not where it was")
    stream.codec_context.thread_count = 1  # jobs run side by side on all cores already
    return _Reading(container, stream, picture.count_frames)


def _frames_from(path: Path, picture: Picture, wanted: int) -> Frames:
    """Frames from one at or before ``wanted`` on (or from the first)."""
    if _seeking_pays(picture, wanted):
        with opened(path) as container:
            frames = _sought(_reading(container, path, picture), picture, wanted)
            if frames is not None:
                yield from frames
                return
    with opened(path) as container:
        yield from _reading(container, path, picture).frames()


def _last_tick_shown(current: Ticked, following: Ticked | None, picture: Picture) -> int | None:
    """Until when the current picture may stay on screen; None: until the one that follows.

    A last picture stays for half a second or ten pictures; one before damage for three, which the ledger tells.
    """
    shown = 1 / picture.rate if picture.rate else Fraction(0)
    if following is None:
        return current.tick + int(max(Fraction(1, 2), 10 * shown) / tick_length(picture))
    return current.tick + int(3 * shown / tick_length(picture)) if following.after_damage else None


def _progressive_from(path: Path, stored: Picture, conversion: Conversion, wanted: int) -> Frames:
    """Frames from one at or before ``wanted`` (a tick as they are shown) on, each of one moment."""
    if conversion.telecine:
        return film_pictures(
            _frames_from(path, stored, stored_tick_before(stored, conversion, wanted)), stored, conversion
        )
    if not conversion.deinterlace:
        return _frames_from(path, stored, wanted)
    # One stored picture earlier: the deinterlacer looks back, and a span must not begin otherwise than it would go on.
    before = 1 + int(1 / stored.rate / tick_length(stored)) if stored.rate else 1
    found = _frames_from(path, stored, (wanted // 2 if conversion.field_rate else wanted) - before)
    return deinterlaced(found, stored, conversion)


def picked_frames(
    path: Path, stored: Picture, source_times: list[Fraction], conversion: Conversion
) -> Iterator[Picked]:
    """The frame on screen at each source time (never falling, seconds): what a player shows there.

    stored : the clip's picture. conversion : how its fields are shown; ticks are those of :func:`as_shown`.
    Raises JobFailed when the file breaks off, or is damaged, where one of them lies.
    """
    picture = as_shown(stored, conversion)
    wanted = [last_tick_at(picture, moment) for moment in source_times]
    with closing(_progressive_from(path, stored, conversion, wanted[0])) as frames:
        current, following = next(frames, None), next(frames, None)
        if current is None:
            raise broken(path, "no picture of it can be decoded", rule="broken-clip")
        for moment, limit in zip(source_times, wanted, strict=True):
            while following is not None and following.tick <= limit:
                current, following = following, next(frames, None)
            last = _last_tick_shown(current, following, picture)
            if last is not None and limit > last:
                end = (current.tick - first_tick(picture)) * tick_length(picture)
                how = "break off" if following is None else "are damaged"
                raise broken(path, f"its pictures {how} after {clock(end)}, before {clock(moment)}", rule="broken-clip")
            yield Picked(
                frame=current.frame,
                tick=current.tick,
                next_tick=following.tick if following else None,
                following=following.frame if following and not following.after_damage else None,
            )

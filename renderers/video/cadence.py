"""Whether interlaced pictures are film in 2:3 pulldown: one field in five comes twice, in a cadence of its own.

A film picture is shown for two fields and for three in turn, and each third one repeats the first, two fields later. So
of each five pairs of neighbouring pictures one has the same top field and one the same bottom field, two pairs on or
three, by the field order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from av import VideoFrame
from av.error import FFmpegError

from crowdcut.media import Cadence
from renderers.files.door import opened
from renderers.files.streams import decoded
from renderers.video.fields import Lines, Pair, lines_of, pair_of

Cycle = Literal["tff", "bff", "video"]

_PAIRS = 5
_ORDERS: dict[int, Cycle] = {2: "tff", 3: "bff"}
"""By how many pairs lie between the one with the same top field and the next one with the same bottom field."""
_PICTURES = 31
"""That are looked at in each place: six cycles."""


def cycle_of(pairs: Sequence[Pair]) -> Cycle | None:
    """What five pairs in a row say; None where too much of them stands still."""
    if pairs.count("top") != 1 or pairs.count("bottom") != 1:
        return None if "still" in pairs else "video"
    apart = (pairs.index("bottom") - pairs.index("top")) % _PAIRS
    return _ORDERS.get(apart, "video")


@dataclass(slots=True)
class CadenceMeter:
    """Measures pictures that follow each other."""

    cycles: dict[Cycle, int] = field(default_factory=lambda: {"tff": 0, "bff": 0, "video": 0})
    pictures: int = 0
    _last: Lines | None = None
    _pairs: list[Pair] = field(default_factory=list)

    def see(self, frame: VideoFrame) -> None:
        """Take in the next picture."""
        self.pictures += 1
        lines = lines_of(frame)
        if self._last is not None and self._last.shape == lines.shape:
            self._pairs.append(pair_of(self._last, lines))
        self._last = lines
        if len(self._pairs) == _PAIRS:
            if (cycle := cycle_of(self._pairs)) is not None:
                self.cycles[cycle] += 1
            self._pairs.clear()


def cadence_near(path: Path, index: int, ticks: Iterable[int | None]) -> Cadence:
    """What some pictures from each of some places of a film say of its cadence.

    index : of the stream, whose pictures are planar Y'CbCr; ticks : where to look, on the stream's clock; None: at the
    beginning. A place that cannot be reached says nothing.
    """
    cycles: dict[Cycle, int] = {"tff": 0, "bff": 0, "video": 0}
    for tick in ticks:
        with opened(path) as container:
            stream = container.streams[index]
            if tick is not None:
                next(decoded(container, stream), None)  # some demuxers seek wrong until they have seen a picture
                try:
                    container.seek(tick, stream=stream)
                except FFmpegError:
                    continue
            meter = CadenceMeter()
            for frames in decoded(container, stream):
                for frame in frames or ():
                    assert isinstance(frame, VideoFrame)
                    meter.see(frame)
                if meter.pictures >= _PICTURES:
                    break
        for cycle, count in meter.cycles.items():
            cycles[cycle] += count
    return Cadence(**cycles)

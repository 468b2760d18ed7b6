"""How a film's pictures were scanned, measured on the pictures themselves: headers lie about fields and their order.

Three successive pictures tell. Each line of the middle one is compared with what lies between its neighbours if the
line comes from the picture before or after. Where fields of different moments are woven, one of the two ways fits as
well as the picture's own lines do; where the picture is one moment, its own lines fit far better than either. (The
comparison is that of FFmpeg's ``idet``; here it is made where something moves only, so that a still ground does not
outvote a small movement.)
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from av import VideoFrame
from av.error import FFmpegError
from numpy.typing import NDArray

from crowdcut.media import Scan
from renderers.door import opened
from renderers.streams import decoded

Lines = NDArray[np.int16]
Vote = Literal["tff", "bff", "progressive"]

_COLUMN_STEP = 4
"""Every fourth column: lines are compared with lines, and movements are wider."""
_MOVED = 12
"""Codes (of the 219 from black to white) that a pixel must change by between the pictures around it: above noise and
grain."""
_MOVED_SHARE = 1 / 500
"""Of the pixels that must have moved, for a picture to have a say."""
_LIKELIER = 1.25
"""How much better one field order must fit than the other."""
_OWN = 1.25
"""How much better a picture's own lines must fit than another's, for it to be one moment."""
PLACES = (1 / 4, 1 / 2, 3 / 4)
"""Parts of the film, besides its beginning, where pictures are measured."""
_PLACE_PICTURES = 9
_SPACING = 6
"""One picture in six of the beginning is measured, with its neighbours: all of it costs more and says no more."""
_HEIGHT_MAX = 1088
"""Stored pixels: no format of more lines is interlaced (BT.2020 knows none)."""


def _lines_of(frame: VideoFrame) -> Lines:
    """A frame's luma in codes of 8 bits, every fourth column. [shape=(height, width / 4)]"""
    form, luma = frame.format, frame.format.components[0]
    # Nearly all films have their luma in a plane of its own: to look at that costs a tenth of a conversion.
    is_plane = form.is_planar and luma.is_luma and (luma.bits == 8 or form.name.endswith(f"p{luma.bits}le"))
    plane = (frame if is_plane else frame.reformat(format="gray")).planes[0]
    bits = luma.bits if is_plane else 8
    codes = np.asarray(memoryview(plane)).view(np.uint8 if bits == 8 else np.dtype("<u2"))
    pixels = codes.reshape(plane.height, -1)[:, : plane.width : _COLUMN_STEP]
    return (pixels >> (bits - 8)).astype(np.int16)


def _misfit(above_below: Lines, between: Lines, moved: NDArray[np.bool_]) -> tuple[int, int]:
    """How badly the lines ``between`` fit, on even and on odd rows: sums of codes where something moved."""
    wrong = np.abs(above_below - 2 * between) * moved
    return int(wrong[0::2].sum(dtype=np.int64)), int(wrong[1::2].sum(dtype=np.int64))


def vote_of(before: Lines, here: Lines, after: Lines) -> Vote | None:
    """What three successive pictures say of the middle one; None where too little moves, or it is not clear.

    before, here, after : [shape=(height, columns)] luma, 0..255.
    """
    if here.shape[0] < 16 or not before.shape == here.shape == after.shape:
        return None
    rows = slice(2, here.shape[0] // 2 * 2 - 2)
    moved = np.abs(after - before)[rows] > _MOVED
    if moved.sum() < _MOVED_SHARE * moved.size:
        return None
    around = here[1 : rows.stop - 1] + here[3 : rows.stop + 1]
    earlier_even, earlier_odd = _misfit(around, before[rows], moved)
    later_even, later_odd = _misfit(around, after[rows], moved)
    own = sum(_misfit(around, here[rows], moved))
    # Even rows are the top field's. Top field first: the bottom field before and the top field after are the nearest.
    top_first, bottom_first = earlier_odd + later_even, earlier_even + later_odd
    nearest = min(top_first, bottom_first)
    if nearest > _OWN * own:
        return "progressive"
    if bottom_first > _LIKELIER * top_first:
        return "tff"
    return "bff" if top_first > _LIKELIER * bottom_first else None


@dataclass(slots=True)
class ScanMeter:
    """Measures pictures as they are decoded, one after another."""

    spacing: int = _SPACING
    votes: dict[Vote, int] = field(default_factory=lambda: {"tff": 0, "bff": 0, "progressive": 0})
    flagged: int = 0
    """Pictures whose own header says that they are interlaced."""
    pictures: int = 0
    _window: list[Lines] = field(default_factory=list)

    def see(self, frame: VideoFrame) -> None:
        """Take in the next picture."""
        self.flagged += frame.interlaced_frame
        number, self.pictures = self.pictures % self.spacing, self.pictures + 1
        if frame.height > _HEIGHT_MAX or number >= 3:
            return
        if number == 0 and self.spacing >= 3:
            self._window.clear()
        self._window = [*self._window[-2:], _lines_of(frame)]
        if len(self._window) == 3 and (vote := vote_of(*self._window)) is not None:
            self.votes[vote] += 1

    @property
    def scan(self) -> Scan:
        """What was measured so far."""
        return Scan(**self.votes)


def measured_near(path: Path, index: int, ticks: Iterable[int]) -> Scan:
    """What a few pictures from each of some places of a film say of its scan.

    index : of the stream; ticks : where to look, on the stream's clock. A place that cannot be reached says nothing.
    """
    votes: dict[Vote, int] = {"tff": 0, "bff": 0, "progressive": 0}
    with opened(path) as container:
        stream = container.streams[index]
        next(decoded(container, stream), None)  # some demuxers seek wrong until they have seen a picture
        for tick in ticks:
            try:
                container.seek(tick, stream=stream)
            except FFmpegError:
                continue
            meter = ScanMeter(spacing=1)
            for frames in decoded(container, stream):
                for frame in frames or ():
                    assert isinstance(frame, VideoFrame)
                    meter.see(frame)
                if meter.pictures >= _PLACE_PICTURES:
                    break
            for vote, count in meter.votes.items():
                votes[vote] += count
    return Scan(**votes)

"""How a film's pictures were scanned, measured on the pictures themselves: headers lie about fields and their order.

Two successive pictures tell. Three of their fields' pairs are woven: the fields of the first picture; its lower field
with the upper one of the second; its upper field with the lower one of the second. Where the top field is the first,
the first two pairs are a field's time apart and the last one is three, which fits worse; where the bottom field is the
first, the second and the third pair change places; where a picture is one moment, its own fields fit best, and the two
others equally worse. So the odd one out of three tells, whatever fine lines and noise all three have in common.

It is measured where something moves alone, and in bands across the picture: a title may have fields that the film under
it has not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from av import VideoFrame
from av.error import FFmpegError

from crowdcut.media import Scan
from renderers.files.door import opened
from renderers.files.streams import decoded
from renderers.video.fields import BLOCK_PIXELS, Lines, block_sums

Vote = Literal["tff", "bff", "progressive"]

_COLUMN_STEP = 4
"""Every fourth column: lines are compared with lines, and movements are wider."""
_MOVED = 3
"""Codes (of 256) that a block must change by, on average."""
_MOVED_MIN, _MOVED_SHARE = 3, 1 / 100
"""Blocks of a band, and their share, that must have moved for it to have a say."""
_BANDS = 6
_BANDS_OF_FIELDS = 1 / 3
"""Of the bands that have a say: so many must show fields, for the picture to have them."""
_CLEAR = 1 / 16
"""Of the best fit: how much the worst must differ from it."""
_ODD = 2
"""How much further the odd one must be out than the other two are apart."""
PLACES = (1 / 4, 1 / 2, 3 / 4)
"""Parts of the film, besides its beginning, where pictures are measured."""
_PLACE_PICTURES = 9
_SPACING = 6
"""One picture in six of the beginning is measured, with its neighbours: all of it costs more and says no more."""
_HEIGHT_MIN = 64
"""Stored pixels that can be told apart in bands."""
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
    return (pixels >> (bits - 8) if bits > 8 else pixels).astype(np.int16)


def _misfit(top: Lines, bottom: Lines) -> Lines:
    """How badly each line of two fields fits between those that it lies between, block by block."""
    lower, upper = top[:-1] + top[1:] - 2 * bottom[:-1], bottom[:-1] + bottom[1:] - 2 * top[1:]
    return block_sums(np.abs(lower) + np.abs(upper))


def _vote(own: int, next_top: int, next_bottom: int) -> Vote | None:
    """What three misfits say: of a picture's own fields, and of its bottom and its top field with one of the next."""
    least, middle, most = sorted((own, next_top, next_bottom))
    if most - least <= _CLEAR * least or own == most:
        return None
    if own == least and middle - least > _ODD * (most - middle):
        return "progressive"
    if own == middle or most - middle > _ODD * (middle - least):
        return "tff" if next_top < next_bottom else "bff"
    return None


def votes_of(here: Lines, after: Lines) -> list[Vote | None]:
    """What two successive pictures say of the first, in each band from top to bottom; None where too little moves, or
    it is not clear.

    here, after : [shape=(height, columns)] luma, 0..255, at least 64 lines.
    """
    (top, bottom), (next_top, next_bottom) = ((one[0::2][: len(one) // 2], one[1::2]) for one in (here, after))
    changes = (np.abs(block_sums((after - before)[:-1])) for before, after in ((top, next_top), (bottom, next_bottom)))
    moved = np.maximum(*changes) > _MOVED * BLOCK_PIXELS
    if not moved.any():
        return [None] * _BANDS
    misfits = [_misfit(*pair) * moved for pair in ((top, bottom), (next_top, bottom), (top, next_bottom))]
    found = list[Vote | None]()
    for rows in np.array_split(np.arange(len(moved)), _BANDS):
        say = moved[rows].sum() >= max(_MOVED_MIN, _MOVED_SHARE * moved[rows].size)
        found.append(_vote(*(int(misfit[rows].sum(dtype=np.int64)) for misfit in misfits)) if say else None)
    return found


def vote_of(before: Lines, here: Lines, after: Lines) -> Vote | None:
    """What three successive pictures say of the middle one, whose fields both others must show; None where too little
    moves, or it is not clear: at a cut, one of them shows nothing.

    before, here, after : [shape=(height, columns)] luma, 0..255.
    """
    if here.shape[0] < _HEIGHT_MIN or not before.shape == here.shape == after.shape:
        return None
    first = votes_of(before, here)
    if not any(first):
        return None
    votes = [one for one, other in zip(first, votes_of(here, after), strict=True) if one == other and one is not None]
    fields = [vote for vote in votes if vote in ("tff", "bff")]
    if len(fields) < len(votes) * _BANDS_OF_FIELDS:
        return "progressive"
    if set(fields) == {"tff"}:
        return "tff"
    return "bff" if set(fields) == {"bff"} else None


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

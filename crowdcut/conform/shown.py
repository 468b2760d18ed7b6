"""Which pictures of a clip a stretch of film shows: how many, and how many are repeated or never seen. Counted."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil, floor, lcm

from crowdcut.conform.sampling import ROUNDING_MAX, tick_length
from crowdcut.media import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What became of a clip's pictures in one stretch of film."""

    frames: int
    """Programme frames of the stretch."""
    pictures: int
    """Pictures of the clip from the first that is shown to the last."""
    repeated: int
    """Frames that show the picture of the frame before them."""
    dropped: int
    """Pictures among :attr:`pictures` that no frame shows."""


def ticks_told(ticks: Sequence[int]) -> str:
    """Timestamps as ``Media.ticks`` keeps them: the first, then each one's distance from the one before."""
    return " ".join(str(tick - before) for before, tick in zip((0, *ticks), ticks, strict=False))


def _counted(frames: int, changes: int, pictures: int) -> Shown:
    """From how often the picture changes between frames."""
    return Shown(
        frames=frames, pictures=pictures, repeated=frames - changes - 1, dropped=max(0, pictures - changes - 1)
    )


def _evenly(picture: Picture, rate: Fraction, start: Fraction, step: Fraction, frames: int) -> Shown:
    """For pictures that are all shown equally long: by arithmetic, however long the stretch is."""
    slack = min(tick_length(picture), ROUNDING_MAX)
    last = picture.frames - 1

    def number_at(frame: int) -> int:
        return max(0, min(last, floor((start + frame * step + slack) * rate)))

    seen = number_at(0), number_at(frames - 1)
    pictures = seen[1] - seen[0] + 1
    if step * rate <= 1 or not last:
        return _counted(frames, pictures - 1, pictures)
    # Each frame shows another picture, from when the clip's first one does not wait any more until its last one stays.
    waiting, until_last = (ceil((number / rate - slack - start) / step) for number in (1, last))
    return _counted(frames, max(0, min(frames - 1, until_last) - max(0, waiting - 1)), pictures)


def _unevenly(picture: Picture, ticks: list[int], start: Fraction, step: Fraction, frames: int) -> Shown:
    """For pictures at times of their own: looked up frame by frame, in whole numbers."""
    length = tick_length(picture)
    slack = min(length, ROUNDING_MAX)
    first, each = (start + slack + picture.start) / length, step / length
    below = lcm(first.denominator, each.denominator)
    base, more = int(first * below), int(each * below)
    numbers = [max(0, bisect_right(ticks, (base + frame * more) // below) - 1) for frame in range(frames)]
    changes = sum(now != then for now, then in pairwise(numbers))
    return _counted(frames, changes, max(numbers) - min(numbers) + 1)


def shown_from(picture: Picture, ticks: str, *, start: Fraction, step: Fraction, frames: int) -> Shown | None:
    """What ``frames`` programme frames show of a moving picture; None where nobody knows when its pictures come.

    ticks : as ``Media.ticks``.
    start : source time of the first frame, seconds.
    step : seconds of source from one frame to the next; negative: backwards, 0: one picture is held.
    """
    if picture.rate is None or frames < 1:
        return None
    if not step:
        return Shown(frames=frames, pictures=1, repeated=frames - 1, dropped=0)
    if step < 0:
        start, step = start + step * (frames - 1), -step
    if picture.constant or picture.count_frames:
        return _evenly(picture, picture.rate, start, step, frames)
    if not ticks:
        return None
    return _unevenly(picture, list(accumulate(map(int, ticks.split()))), start, step, frames)

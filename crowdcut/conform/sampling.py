"""Which source picture belongs to an output frame: the one that a player has on screen at its source time."""

from dataclasses import replace
from fractions import Fraction
from math import ceil

from crowdcut.media import Picture
from crowdcut.orders import Animation, Conversion, Fill, Video
from crowdcut.timing import nearest

ROUNDING_MAX = Fraction(1, 1000)
"""Seconds. Timestamps are rounded to their time base (Matroska's: a millisecond); a picture may be that late."""


TELECINE = Fraction(4, 5)
"""Film pictures for each stored one, in 2:3 pulldown that is woven into the stored ones."""


def as_shown(picture: Picture, conversion: Conversion) -> Picture:
    """The picture on the clock of what is shown of it: where both fields are, there are twice as many pictures, and
    they are told apart in half ticks; where telecine is undone, the film's pictures are counted."""
    if conversion.telecine and picture.rate:
        share = TELECINE if conversion.telecine == "hard" else Fraction(1)
        return replace(
            picture, rate=picture.rate * share, frames=ceil(picture.frames * share), constant=True, count_frames=True
        )
    if not (conversion.deinterlace and conversion.field_rate):
        return picture
    return replace(
        picture,
        time_base=picture.time_base / 2 if picture.time_base else None,
        rate=picture.rate * 2 if picture.rate else None,
        frames=picture.frames * 2,
    )


def tick_length(picture: Picture) -> Fraction:
    """Seconds a tick: the stream's time base, or one picture where pictures are counted."""
    if picture.count_frames and picture.rate:
        return 1 / picture.rate
    return picture.time_base or ROUNDING_MAX


def first_tick(picture: Picture) -> int:
    """The timestamp of source time 0."""
    return 0 if picture.count_frames else int(picture.start // tick_length(picture))


def source_time_at(source: Video | Animation, age_frames: int, rate: Fraction) -> Fraction:
    """Source time of a layer's frame, seconds. ``rate``: frames a second of the delivery."""
    return source.start + source.speed * age_frames / rate


def last_tick_at(picture: Picture, source_time: Fraction) -> int:
    """The latest timestamp that may be on screen at ``source_time`` (seconds from the first picture)."""
    length = tick_length(picture)
    moment = source_time + min(length, ROUNDING_MAX)
    return int((moment if picture.count_frames else moment + picture.start) // length)


def round_at(picture: Picture, fill: Fill, source_time: Fraction) -> tuple[Fraction, bool]:
    """The moment of an animation that is on screen, and whether it is played for the last time.

    source_time : seconds since it began for the first time. The moment is seconds of one round; the animation's
        ``duration`` itself, once it stands on its last picture.
    """
    rounds = {"loop": None, "hold": 1, "file": picture.loops}[fill]
    if rounds is None or source_time < rounds * picture.duration:
        return source_time % picture.duration, rounds is not None and source_time >= (rounds - 1) * picture.duration
    return picture.duration, True


MIX_STEPS = 256
"""Shares in which two pictures are mixed: as fine as the codes of a picture."""
HELD = -1
"""Instead of a share: nothing could be made between the two pictures, so that the first is held."""
_LONGEST_GAP = 3
"""Usual lengths of a picture. One that stands for longer is meant to stand (a screen capture, a slide)."""


def share_of_next(picture: Picture, tick: int, next_tick: int | None, source_time: Fraction) -> int:
    """How far ``source_time`` is on the way from the picture at ``tick`` to the next one, in :data:`MIX_STEPS`.

    0 where there is no next one, or none that comes soon enough to be moved to.
    """
    if next_tick is None or not picture.rate:
        return 0
    length = tick_length(picture)
    gap = (next_tick - tick) * length
    if gap > _LONGEST_GAP / picture.rate:
        return 0
    begins = tick * length - (0 if picture.count_frames else picture.start)
    return max(0, min(MIX_STEPS, nearest((source_time - begins) / gap * MIX_STEPS)))

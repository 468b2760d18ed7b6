"""How fast and which way a clip plays, in a shot or as a layer: from its keys to the source time of each frame."""

from fractions import Fraction
from typing import Protocol

from crowdcut.cut.desk import Desk
from crowdcut.episode import Freeze
from crowdcut.media import Media

MOVING = frozenset({"video", "animation"})
"""Kinds of media that have a pace at all."""


class Paced(Protocol):
    """What has a pace: a shot, a cell or a layer."""

    @property
    def use(self) -> str | None: ...  # noqa: D102
    @property
    def in_(self) -> Fraction | None: ...  # noqa: D102
    @property
    def speed(self) -> Fraction: ...  # noqa: D102
    @property
    def reverse(self) -> bool: ...  # noqa: D102
    @property
    def freeze(self) -> Freeze | None: ...  # noqa: D102


def speed_of(one: Paced, media: Media | None) -> Fraction:
    """Source seconds that pass in a second: negative where it plays backwards, 0 where one picture is held.

    1 for what does not move: a drawing among clips that are all slowed down is none the worse for it.
    """
    if media is None or media.kind not in MOVING:
        return Fraction(1)
    if one.freeze is not None:
        return Fraction(0)
    return -one.speed if one.reverse else one.speed


def source_begin(one: Paced) -> Fraction:
    """The earliest source time that is shown, seconds."""
    if one.freeze is not None and one.freeze.at is not None:
        return one.freeze.at
    return one.in_ or Fraction(0)


def first_source_time(begin: Fraction, speed: Fraction, length_frames: int, rate: Fraction) -> Fraction:
    """Source time of the first frame, seconds.

    Backwards, a shot or layer shows the very frames that it would show forwards, from its last to its first.
    """
    return begin - speed * (length_frames - 1) / rate if speed < 0 else begin


def clip_pace(desk: Desk, one: Paced, length_frames: int) -> tuple[Fraction, Fraction]:
    """Source time of the first of its frames in the delivery, and its speed."""
    speed = speed_of(one, desk.media[one.use] if one.use is not None else None)
    return first_source_time(source_begin(one), speed, length_frames, desk.rate), speed

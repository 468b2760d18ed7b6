"""How fast and which way a shot's clip plays: from its keys to the source time of each frame."""

from fractions import Fraction

from crowdcut.cut.desk import Desk
from crowdcut.episode import Shot
from crowdcut.media import Media

MOVING = frozenset({"video", "animation"})
"""Kinds of media that have a pace at all."""


def speed_of(shot: Shot, media: Media | None) -> Fraction:
    """Source seconds that pass in a second: negative where the shot plays backwards, 0 where one picture is held.

    1 for what does not move: a drawing among clips that are all slowed down is none the worse for it.
    """
    if media is None or media.kind not in MOVING:
        return Fraction(1)
    if shot.freeze is not None:
        return Fraction(0)
    return -shot.speed if shot.reverse else shot.speed


def source_begin(shot: Shot) -> Fraction:
    """The earliest source time that a shot shows, seconds."""
    if shot.freeze is not None and shot.freeze.at is not None:
        return shot.freeze.at
    return shot.in_ or Fraction(0)


def first_source_time(begin: Fraction, speed: Fraction, length_frames: int, rate: Fraction) -> Fraction:
    """Source time of a shot's first frame, seconds.

    Backwards, a shot shows the very frames that it would show forwards, from its last to its first.
    """
    return begin - speed * (length_frames - 1) / rate if speed < 0 else begin


def clip_pace(desk: Desk, shot: Shot, length_frames: int) -> tuple[Fraction, Fraction]:
    """Source time of the first of a shot's (or a cell's) frames in the delivery, and its speed."""
    speed = speed_of(shot, desk.media[shot.use] if shot.use is not None else None)
    return first_source_time(source_begin(shot), speed, length_frames, desk.rate), speed

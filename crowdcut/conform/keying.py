"""Decides when a performer's screen is looked at, and what a key's colour means."""

from fractions import Fraction
from typing import Literal

from crowdcut.orders import Key

Channel = Literal["red", "green", "blue"]

_MOMENTS_MAX = 8
"""Pictures that a screen is learnt from: enough to see it behind somebody who moves."""
_FINEST = Fraction(1, 4)
"""Seconds between two of them, at least."""

WEAKEST_SCREEN = 40
"""How far a screen's strongest channel stands above the other two, 0..255: less is told from nothing."""


def rgb_of(colour: str) -> tuple[int, int, int]:
    """``#rrggbb`` as numbers 0..255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def strength_of(colour: str) -> int:
    """How far the strongest channel of ``#rrggbb`` stands above the other two, 0..255."""
    _, middle, most = sorted(rgb_of(colour))
    return most - middle


def screen_channel(colour: str) -> tuple[Channel, tuple[float, float] | None]:
    """The channel that a screen of this colour is strongest in; and its hue, where it is a colour of one's own: the
    direction of Cb and Cr, of length 1.
    """
    if colour == "green" or colour == "blue":
        return colour, None
    red, green, blue = rgb_of(colour)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue  # BT.709
    cb, cr = (blue - luma) / 1.8556, (red - luma) / 1.5748
    length = (cb * cb + cr * cr) ** 0.5
    named: dict[Channel, int] = {"red": red, "green": green, "blue": blue}
    return max(named, key=lambda name: named[name]), (cb / length, cr / length)


def key_for(colour: str, *, start: Fraction, length: Fraction, ground: tuple[str, ...] = ()) -> Key:
    """How a screen is made clear in the part of a clip that is used.

    start, length : of that part, seconds of source time.
    ground : what fills the raster behind the performer, top first; empty: the layers below are seen.

    The moments lie on a grid of the source's own, so that a cut that is trimmed by a few frames keeps its screen, and
    with it its pieces.
    """
    step = _FINEST
    while length / step > _MOMENTS_MAX:
        step *= 2
    first = -(-start // step)
    times = tuple(step * number for number in range(first, -(-(start + length) // step)))
    return Key(colour=colour, times=times or (start,), ground=ground)

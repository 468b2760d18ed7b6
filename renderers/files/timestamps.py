"""What a list of timestamps says of a stream: its rate, whether that is constant, how long it lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import gcd
from statistics import median_low

USUAL_RATES = tuple(
    Fraction(*rate)
    for rate in (
        *((number, 1) for number in (1, 2, 5, 6, 8, 10, 12, 15, 16, 18, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120, 240)),
        *((number * 1000, 1001) for number in (12, 15, 24, 30, 48, 60, 120, 240)),
        (25, 2),
    )
)
"""Pictures a second that cameras, editors and encoders mean."""

_COARSE_STEP = Fraction(1, 500)
"""Seconds. A common step of all timestamps up to this is an earlier rounding (milliseconds kept in 1/90000)."""
_FILM_STEPS = 8
"""Pictures that must come two and three fields after each other in turn, before film is believed."""
_SAME_RATE = Fraction(1, 50_000)
"""Two rates closer than this, relatively, are one rate that was written in too few digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a stream's pictures follow each other."""

    rate: Fraction
    """Pictures a second; the mean where it varies."""
    constant: bool
    duration: Fraction
    """Seconds from the first picture to the end of the last."""
    pulldown: bool = False
    """Whether pictures are shown for two and for three fields of 59.94 (or 60) a second in turn, as film is."""


def is_increasing(ticks: Sequence[int | None]) -> bool:
    """Whether every picture has a timestamp, later than the one before."""
    known = [tick for tick in ticks if tick is not None]
    return len(known) == len(ticks) and all(now < then for now, then in pairwise(known))


def snapped(rate: Fraction) -> Fraction:
    """The usual rate that ``rate`` is written for, or itself."""
    nearest = min(USUAL_RATES, key=lambda usual: abs(usual - rate))
    return nearest if abs(nearest - rate) <= rate * _SAME_RATE else rate


def _deviation(ticks: Sequence[int], step: Fraction) -> Fraction:
    """The furthest that any timestamp is from its place on a grid of ``step`` ticks from the first."""
    # Scaled to integers: a Fraction for each of 200,000 pictures would take seconds.
    top, bottom = step.numerator, step.denominator
    furthest = max(abs((tick - ticks[0]) * bottom - number * top) for number, tick in enumerate(ticks))
    return Fraction(furthest, bottom)


def _grain(ticks: Sequence[int], time_base: Fraction) -> int:
    """Ticks that the timestamps were rounded to: 1, or the step of a coarser clock that they once went through."""
    step = gcd(*(tick - ticks[0] for tick in ticks))
    return step if step > 1 and step * time_base <= _COARSE_STEP else 1


def _regular_rate(ticks: Sequence[int], time_base: Fraction, hint: Fraction | None) -> Fraction | None:
    """The rate whose grid explains all timestamps within their rounding; None if there is none."""
    mean = Fraction(ticks[-1] - ticks[0], len(ticks) - 1)
    exact = 1 / (mean * time_base)
    grain = _grain(ticks, time_base)
    near = [rate for rate in USUAL_RATES if abs(rate - exact) <= exact / 20]
    wanted = [snapped(hint)] if hint is not None and abs(hint - exact) <= exact / 20 else []
    fitting = [
        (deviation, rate)
        for rate in (*wanted, *near)
        if (deviation := _deviation(ticks, 1 / (rate * time_base))) <= grain
    ]
    # The container's own word first, where it explains the timestamps as well as any.
    if fitting and wanted and fitting[0][1] == wanted[0]:
        return wanted[0]
    if fitting:
        return min(fitting)[1]
    return snapped(exact) if _deviation(ticks, mean) <= grain else None


def _film_rate(ticks: Sequence[int], time_base: Fraction) -> Fraction | None:
    """The rate of film whose pictures come two and three fields after each other in turn; None if they do not."""
    steps = [then - now for now, then in pairwise(ticks)]
    for rate in (Fraction(24_000, 1001), Fraction(24)) if len(steps) >= _FILM_STEPS else ():
        picture = 1 / (rate * time_base)
        grain = 1 + _grain(ticks, time_base)
        lengths = [picture * fields / 5 for fields in (4, 6)]
        even = all(
            abs(step - lengths[(number + first) % 2]) <= grain
            for first in ([0] if abs(steps[0] - lengths[0]) <= grain else [1])
            for number, step in enumerate(steps)
        )
        # Rounding does not add up.
        if even and _deviation(ticks, picture) <= picture / 4:
            return rate
    return None


def pace_of(
    ticks: Sequence[int], *, time_base: Fraction, last: int | None = None, hint: Fraction | None = None
) -> Pace:
    """The pace of pictures at ``ticks``.

    ticks : strictly increasing, in units of ``time_base`` seconds, at least one.
    last : how long the last picture is shown, in ticks, if the file says so.
    hint : the rate that the container claims.
    """
    if len(ticks) == 1:
        shown = last * time_base if last else 1 / (hint or Fraction(25))
        return Pace(rate=snapped(1 / shown), constant=True, duration=shown)
    rate = _regular_rate(ticks, time_base, hint)
    if rate is not None:
        return Pace(rate=rate, constant=True, duration=len(ticks) / rate)
    if (film := _film_rate(ticks, time_base)) is not None:
        return Pace(rate=film, constant=False, duration=len(ticks) / film, pulldown=True)
    usual = median_low(then - now for now, then in pairwise(ticks))
    # A last picture that is said to last for minutes is a slip of the muxer's.
    last = last if last and last <= 10 * max(usual, 1) else usual
    duration = (ticks[-1] + last - ticks[0]) * time_base
    return Pace(rate=len(ticks) / duration, constant=False, duration=duration)

"""Time as people write it and as films count it. Seconds are Fractions; the rest are whole frames or samples."""

import re
from fractions import Fraction

SAMPLE_RATE = 48_000
"""Samples a second of everything Crowdcut mixes and delivers."""

_FRAMES = re.compile(r"(\d+)f")
_SECONDS = re.compile(r"\d+(\.\d+)?|\.\d+")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}|\d+):(\d{1,2}(?:\.\d+)?)")
_TIMECODE = re.compile(r"(\d+):(\d{2}):(\d{2}):(\d{2,3})")


def rate_from(text: str) -> Fraction:
    """A frame rate, frames a second: ``24``, ``30000/1001``, and the short names ``23.976`` ``29.97`` ``59.94``.

    Raises ValueError for anything else and for rates outside 1..240.
    """
    short = {"23.976": "24000/1001", "23.98": "24000/1001", "29.97": "30000/1001", "59.94": "60000/1001"}
    try:
        rate = Fraction(short.get(text.strip(), text.strip()))
    except ZeroDivisionError:
        raise ValueError(f"{text} is not a frame rate") from None
    if not 1 <= rate <= 240:
        raise ValueError(f"{text} is not a frame rate between 1 and 240")
    return rate


def seconds_from(text: str, rate: Fraction) -> Fraction:
    """Seconds meant by ``m:s.decimal``, ``h:m:s.decimal``, ``hh:mm:ss:ff``, ``72f`` (frames at ``rate``) or ``3.5``.

    Raises ValueError when ``text`` is none of these.
    """
    text = text.strip()
    if found := _FRAMES.fullmatch(text):
        return int(found[1]) / rate
    if _SECONDS.fullmatch(text):
        return Fraction(text)
    if found := _TIMECODE.fullmatch(text):
        hours, minutes, seconds, frames = map(int, found.groups())
        if minutes < 60 and seconds < 60 and frames < rate:
            return 3600 * hours + 60 * minutes + seconds + frames / rate
    if found := _CLOCK.fullmatch(text):
        hours, minutes, seconds = int(found[1] or 0), int(found[2]), Fraction(found[3])
        if seconds < 60 and (found[1] is None or minutes < 60):
            return 3600 * hours + 60 * minutes + seconds
    raise ValueError(f"{text!r} is not a time")


_CLOCK_MOST = Fraction(1, 1000)
"""How far from 1 a clock's speed may be: 1.7 cents of pitch, which nobody hears."""


def is_clocks(speed: Fraction) -> bool:
    """Whether a speed is that of a recorder's clock, a little fast or slow, and no wish: it may take pitch along."""
    return 0 < abs(abs(speed) - 1) <= _CLOCK_MOST


def nearest(value: Fraction) -> int:
    """The nearest whole number, halves upward (Python's own ``round`` goes to even, which jitters)."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def seconds_to_frames(seconds: Fraction, rate: Fraction) -> int:
    """The nearest whole number of frames."""
    return nearest(seconds * rate)


def frames_to_samples(frames: int, rate: Fraction) -> int:
    """The nearest whole number of samples at :data:`SAMPLE_RATE`."""
    return nearest(frames * SAMPLE_RATE / rate)


def seconds_to_samples(seconds: Fraction) -> int:
    """The nearest whole number of samples at :data:`SAMPLE_RATE`."""
    return nearest(seconds * SAMPLE_RATE)


def clock(seconds: Fraction | float) -> str:
    """Seconds as people read them: ``1:02:03.4``, ``2:10``, ``0:03.25``."""
    thousandths = nearest(Fraction(seconds) * 1000)
    sign, thousandths = ("-" if thousandths < 0 else ""), abs(thousandths)
    whole, thousandths = divmod(thousandths, 1000)
    tail = f".{thousandths:03d}".rstrip("0") if thousandths else ""
    hours, minutes, secs = whole // 3600, whole // 60 % 60, whole % 60
    return f"{sign}{hours}:{minutes:02d}:{secs:02d}{tail}" if hours else f"{sign}{minutes}:{secs:02d}{tail}"

"""How Excel shows a number: as a number, as a time, or as a date."""

import re
from datetime import datetime, timedelta
from fractions import Fraction
from math import isfinite

from crowdcut.timing import clock

BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)), "y-m-d"),
    18: "h:mm am/pm",
    19: "h:mm:ss am/pm",
    20: "h:mm",
    21: "h:mm:ss",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
}
"""Formats that a workbook need not write out, by number (ECMA-376 part 1, 18.8.30); those left out are of numbers."""
_NO_PART = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|am/pm|a/p')
"""Literal words, fillers, colours and locales."""
_DAY_MILLISECONDS = 86_400_000
_LAST_DAY = 2_958_466
"""1 January 10000, from which on Excel has no dates."""
_DAYS_TO_1904 = 1462
"""What the two ways to count days differ by."""


def number_shown(number: float) -> str:
    """A number as a person wrote it: 15 digits, as Excel keeps them, and no ``.0``."""
    return format(number, ".15g")


def _clock_shown(days: float, code: str) -> str:
    """A time as shown: ``0:03`` is no three minutes but what stands in the cell. With seconds it is seconds' worth."""
    milliseconds = round(days * _DAY_MILLISECONDS)
    if "[" not in code:
        milliseconds %= _DAY_MILLISECONDS
    if "s" in code:
        return clock(Fraction(milliseconds, 1000))
    minutes = milliseconds // 60_000
    return f"{minutes // 60}:{minutes % 60:02d}"


def shown(written: str, code: str, *, from_1904: bool) -> tuple[str, bool]:
    """A number cell's text and whether it is a date, by its format ``code``."""
    try:
        number = float(written)
    except ValueError:
        return written, False
    if not isfinite(number):
        return written, False
    bare = _NO_PART.sub("", code.casefold()).split(";")[0]
    if bare != "general" and 0 <= number < _LAST_DAY:
        timed = "h" in bare or "s" in bare
        if "y" in bare or "d" in bare or ("m" in bare and not timed):
            if from_1904 and number >= _LAST_DAY - _DAYS_TO_1904:
                return number_shown(number), False
            day = (datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)) + timedelta(days=number)
            return (day.date().isoformat() if number == int(number) else day.isoformat(" ", "minutes")), True
        if timed:
            return _clock_shown(number, bare), False
    text = number_shown(number)
    return (text.zfill(len(bare)) if bare.strip("0") == "" and text.isdecimal() else text), False

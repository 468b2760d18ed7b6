"""Finds the black bars of a clip in what was measured of it, and never takes a part of the picture for one.

A bar is black wherever it is looked at, at every moment of the used range; it ends at a straight edge; and it has a
partner at the other side. A dark scene has no straight edge, a logo or subtitles are no black, and night above a town
has no partner: such a side is left as it is.
"""

from collections.abc import Sequence
from fractions import Fraction

from crowdcut.conform.geometry import Area
from crowdcut.conform.survey import Survey

BLACK_MAX = 20
"""Luma, limited range: nominal black (16) and what coding makes of it. A bar's outermost line is no brighter."""
NOISE = 4
"""Luma steps that a bar's brightest pixel at any time may lie above its outermost line."""
EDGE_LINES = 4
"""Rows or columns over which coding and scaling may smear a bar's inner edge."""
EDGE_LIT = Fraction(1, 2)
"""Of the picture's first row or column next to a bar, how much must be plainly lit at some time."""
SMEAR_LIT = Fraction(1, 5)
"""Less of a line is lit where it is smear: a line with more is picture."""
PARTNER = Fraction(3, 4)
"""The thinner of two bars at opposite sides is at least so deep, give or take four pixels."""
KEPT_MIN = Fraction(1, 4)
"""Of the width, and of the height, that bars leave at least."""


def _lines(peaks: Sequence[int]) -> int:
    """How many lines from the first one on are black at all times."""
    if not peaks or peaks[0] > BLACK_MAX:
        return 0
    limit = peaks[0] + NOISE
    return next((number for number, peak in enumerate(peaks) if peak > limit), len(peaks))


def _depth(peaks: Sequence[int], lit: Sequence[int], across: int) -> int:
    """Lines of the bar that begins with the first line; 0 where it is none. ``across``: pixels of picture in a line."""
    black = _lines(peaks)
    if black == 0:
        return 0
    for line in range(black, min(black + EDGE_LINES + 1, len(lit))):
        if lit[line] >= across * EDGE_LIT:
            return line
        if lit[line] >= across * SMEAR_LIT:
            return 0
    return 0


def _pair(peaks: Sequence[int], lit: Sequence[int], across: int) -> tuple[int, int]:
    """Lines of the bars at both ends; 0 and 0 where they are not partners."""
    first, last = _depth(peaks, lit, across), _depth(peaks[::-1], lit[::-1], across)
    thin, deep = sorted((first, last))
    if thin == 0 or thin < deep * PARTNER - 4 or len(peaks) - first - last < len(peaks) * KEPT_MIN:
        return 0, 0
    return first, last


def area_inside_bars(survey: Survey, area: Area) -> Area:
    """The part of ``area`` (all of the upright picture that was surveyed) inside its bars; ``area`` where it has none.

    Never less than every pixel that is brighter than black at any time, but for the smear at a bar's edge.
    """
    # Bars at all four sides: a row is as long as the picture between the columns that are black.
    across = len(survey.column_peaks) - _lines(survey.column_peaks) - _lines(survey.column_peaks[::-1])
    down = len(survey.row_peaks) - _lines(survey.row_peaks) - _lines(survey.row_peaks[::-1])
    if across <= 0 or down <= 0:
        return area
    top, bottom = _pair(survey.row_peaks, survey.row_lit, across)
    left, right = _pair(survey.column_peaks, survey.column_lit, down)
    wide, high = area.width / survey.width, area.height / survey.height
    return area.within(
        left * wide, top * high, (survey.width - left - right) * wide, (survey.height - top - bottom) * high
    )

"""Several contributions at once: how long such a shot lasts, what its sounds are levelled by, and who it names."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from math import log10

from crowdcut.cut.desk import Desk
from crowdcut.cut.pace import clip_pace, speed_of
from crowdcut.cut.placed import PlacedShot
from crowdcut.episode import Shot
from crowdcut.timing import clock

_ONE_LINE = 4
"""Names that stand on one line of a lower third; more are parted over both."""

Lengths = Callable[[Desk, Shot], tuple[Fraction, bool]]
"""Seconds that a shot of one contribution lasts, held against what its clip has, and whether it was asked for."""


def _is_endless(desk: Desk, cell: Shot) -> bool:
    """Whether a cell may be shown for as long as one likes, and does not say how long itself."""
    if cell.use is None or cell.length is not None or cell.out is not None:
        return False
    media = desk.media[cell.use]
    return media.duration is None or media.kind != "video" or media.refusal is not None or cell.freeze is not None


def _own_end(desk: Desk, shot: Shot, lengths: Lengths) -> tuple[Fraction, bool]:
    """As :func:`layout_seconds`, for a shot that does not say it: its shortest clip decides."""
    found = [(*lengths(desk, cell), _is_endless(desk, cell)) for cell in shot.cells]
    ends = [(seconds, asked) for seconds, asked, endless in found if not endless]
    # Stills alone stay for as long as the one that needs the longest.
    return min(ends) if ends else max((seconds, asked) for seconds, asked, _ in found)


def layout_seconds(desk: Desk, shot: Shot, lengths: Lengths) -> tuple[Fraction, bool]:
    """Seconds that a shot with cells lasts, and whether they were asked for: its own ``for``, or its shortest clip."""
    if shot.length is None:
        return _own_end(desk, shot, lengths)
    for cell in shot.cells:
        own = shot.length
        if cell.out is not None:
            speed = speed_of(cell, desk.media[cell.use] if cell.use is not None else None)
            own = (cell.out - (cell.in_ or 0)) / (abs(speed) or 1)
        if own < shot.length:
            found = f"{desk.named(cell.use or '')} ends after {clock(own)} here, the shot after {clock(shot.length)}"
            way_out = "Shorten the shot, or leave this 'out' away."
            desk.complain("past-the-end", cell.origin, "out", found, way_out, shot=shot.name)
        else:
            lengths(desk, replace(cell, length=shot.length, out=None))
    return shot.length, True


def placed_cell(desk: Desk, placed: PlacedShot, cell: Shot) -> PlacedShot:
    """A cell in the place of the shot that it is part of, at its own pace."""
    start, speed = clip_pace(desk, cell, placed.length_frames)
    return replace(placed, shot=cell, source_start=start, speed=speed)


def shared_gain_db(sounding: int) -> float:
    """What each of several sounds of one level is lowered by, so that together they have it: their powers add."""
    return -round(10 * log10(sounding), 2) if sounding > 1 else 0.0


def _row(names: list[str]) -> str:
    """``Ana, Bo and Cy``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def names_in(desk: Desk, uses: Iterable[str]) -> tuple[str, ...]:
    """A lower third's lines for several contributions: everybody once, in their order."""
    names = list(dict.fromkeys(name for use in uses for name in desk.library.names_of(use)))
    if len(names) <= _ONE_LINE:
        return tuple(filter(None, (_row(names),)))
    half = (len(names) + 1) // 2
    return ", ".join(names[:half]) + ",", _row(names[half:])

"""Several contributions at once: how long such a shot lasts, what its sounds are levelled by, and who it names."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

from crowdcut.conform.layouts import cells_in
from crowdcut.cut.desk import Desk
from crowdcut.cut.pace import clip_pace, speed_of
from crowdcut.cut.placed import PlacedShot
from crowdcut.episode import Shot
from crowdcut.orders import Raster
from crowdcut.song.takes import WIDTH
from crowdcut.timing import clock

_SCREEN = Raster(width=1920, height=1080, rate=Fraction(1))
"""On which it is looked up who stands where: the same on any raster."""
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


def pans_in(shot: Shot) -> tuple[Fraction | None, ...]:
    """Where each cell is heard from: takes of a song from where they are seen, everything else as it is."""
    assert shot.layout is not None
    windows = cells_in(shot.layout, len(shot.cells), _SCREEN)
    middles = [(2 * one.x + one.width) / Fraction(_SCREEN.width) - 1 for one in windows]
    takes = len({one.use for one in shot.cells if one.guide is not None})
    return tuple(
        WIDTH * middle if one.guide is not None and takes > 1 else None
        for one, middle in zip(shot.cells, middles, strict=True)
    )


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

"""Where several contributions lie when a shot shows them at once: each in a cell, in output pixels."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from crowdcut.orders import Box, Raster
from crowdcut.timing import nearest

_GUTTER = Fraction(1, 90)
"""Of the raster's shorter side, between cells: 12 pixels in HD, enough to part two pictures, too little for a frame."""
_TITLE_SAFE = Fraction(1, 20)
"""Part of width and height outside title-safe at each side (SMPTE ST 2046-1)."""
_INSET = Fraction(1, 4)
"""Side of a small picture in a corner, as a part of the raster's: four leave the middle free."""
_CORNERS = ((1, 0), (1, 1), (0, 0), (0, 1))
"""Right or left (1, 0) and low or high (1, 0) of each small picture: a lower third meets the last of them alone."""
CELL_SIDE_MIN = 16
"""Pixels: no picture that anybody could see is smaller."""


def _even(length: Fraction) -> int:
    return 2 * nearest(length / 2)


def _divided(total: int, parts: int, gutter: int, margin: int) -> list[tuple[int, int]]:
    """Start and length of ``parts`` stretches of ``total`` with exactly ``gutter`` between and ``margin`` around them.

    All numbers are even; the lengths differ by two at most.
    """
    each = Fraction(total - 2 * margin - (parts - 1) * gutter, parts)
    ends = [_even(margin + (number + 1) * each + number * gutter) for number in range(parts)]
    starts = [margin, *(end + gutter for end in ends[:-1])]
    return [(start, end - start) for start, end in zip(starts, ends, strict=True)]


def _gutter(raster: Raster) -> int:
    return max(2, _even(min(raster.width, raster.height) * _GUTTER))


def _grid(count: int, raster: Raster) -> Iterator[Box]:
    """As many columns as rows, or one more; the last row, if it is not full, stands in the middle."""
    columns = isqrt(count - 1) + 1
    gutter = _gutter(raster)
    across = _divided(raster.width, columns, gutter, gutter)
    down = _divided(raster.height, -(-count // columns), gutter, gutter)
    for number in range(count):
        row, column = divmod(number, columns)
        in_row = min(columns, count - row * columns)
        free = across[-1][0] + across[-1][1] - (across[in_row - 1][0] + across[in_row - 1][1])
        (x, width), (y, height) = across[column], down[row]
        yield Box(x=x + _even(Fraction(free, 2)), y=y, width=width, height=height)


def _split(count: int, raster: Raster) -> Iterator[Box]:
    """Columns side by side, from edge to edge."""
    for x, width in _divided(raster.width, count, _gutter(raster), 0):
        yield Box(x=x, y=0, width=width, height=raster.height)


def _pip(count: int, raster: Raster) -> Iterator[Box]:
    """The first fills the raster; the others lie small over its corners, inside title-safe."""
    yield Box(x=0, y=0, width=raster.width, height=raster.height)
    width, height = (_even(side * _INSET) for side in (raster.width, raster.height))
    # Rounded inwards, so that no pixel lies outside.
    left, top = (2 * -(-(side * _TITLE_SAFE) // 2) for side in (raster.width, raster.height))
    for right, low in _CORNERS[: count - 1]:
        x = raster.width - left - width if right else left
        y = raster.height - top - height if low else top
        yield Box(x=int(x), y=int(y), width=width, height=height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way to show several contributions at once."""

    most: int
    """Cells that it has room for."""
    boxes: Callable[[int, Raster], Iterator[Box]]


LAYOUTS: dict[str, Layout] = {
    "grid": Layout(most=36, boxes=_grid),
    "split": Layout(most=8, boxes=_split),
    "pip": Layout(most=1 + len(_CORNERS), boxes=_pip),
}
"""By the word of the manifest."""


def cells_in(layout: str, count: int, raster: Raster) -> tuple[Box, ...]:
    """The cells of ``count`` contributions, in their order: the first is at the bottom, where they overlap.

    layout : a word of :data:`LAYOUTS`, which has room for ``count``.
    """
    return tuple(LAYOUTS[layout].boxes(count, raster))

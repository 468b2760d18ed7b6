"""Boxes on a menu's page: even numbers on the canvas and in the stored picture, and which the arrow keys lead to."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from crowdcut.disc.menu_records import MenuCanvas
from crowdcut.orders import Box

Arrows = tuple[int, int, int, int]
"""Up, down, left, right: numbers of buttons, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle that is not yet brought to even numbers, square pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.top + self.height

    def row(self, top: float, height: float) -> "Area":
        """A part of it, as wide as it is; ``top`` counts as its own does."""
        return Area(left=self.left, top=top, width=self.width, height=height)

    def column(self, number: int, count: int, gap: float) -> "Area":
        """One of ``count`` columns, from 0, with gaps between them."""
        width = (self.width - (count - 1) * gap) / count
        return Area(left=self.left + number * (width + gap), top=self.top, width=width, height=self.height)

    def within(self, side: float, above: float) -> "Area":
        """What is left inside of a border."""
        return Area(
            left=self.left + side, top=self.top + above, width=self.width - 2 * side, height=self.height - 2 * above
        )

    def mirrored(self, width: int) -> "Area":
        """The same at the other side of a canvas so wide."""
        return Area(left=width - self.left - self.width, top=self.top, width=self.width, height=self.height)


def _inward(start: float, end: float) -> tuple[int, int]:
    """The longest stretch of even numbers within one: its start, and its length (2 at least)."""
    # What is a hair off an even number by rounding is that number.
    first, last = 2 * ceil(start / 2 - 1e-9), 2 * floor(end / 2 + 1e-9)
    return first, max(2, last - first)


def boxed(area: Area) -> Box:
    """The largest box of even numbers within an area."""
    x, width = _inward(area.left, area.left + area.width)
    y, height = _inward(area.top, area.bottom)
    return Box(x=x, y=y, width=width, height=height)


def area_of(box: Box) -> Area:
    """A box as an area."""
    return Area(left=box.x, top=box.y, width=box.width, height=box.height)


def stored_box(box: Box, canvas: MenuCanvas) -> Box:
    """A box of the canvas in the stored picture: the largest one of even numbers within it."""
    across, down = canvas.stored_width / canvas.width, canvas.stored_height / canvas.height
    return boxed(
        Area(left=box.x * across, top=box.y * down, width=box.width * across, height=box.height * down),
    )


def arrows_for(boxes: Sequence[Box]) -> tuple[Arrows, ...]:
    """Where arrow keys lead from each of these boxes, which stand in rows (boxes of a row begin at the same height).

    Left and right go round in a row, up and down from row to row, round too, to the nearest box there: so each is
    reached from each other one.
    """
    tops = sorted({box.y for box in boxes})
    rows = [sorted((n for n, box in enumerate(boxes) if box.y == top), key=lambda n: boxes[n].x) for top in tops]

    def middle(number: int) -> float:
        return boxes[number].x + boxes[number].width / 2

    def nearest(row: list[int], number: int) -> int:
        return min(row, key=lambda other: abs(middle(other) - middle(number)))

    found: dict[int, Arrows] = {}
    for at, row in enumerate(rows):
        above, below = rows[at - 1], rows[(at + 1) % len(rows)]
        for place, number in enumerate(row):
            left, right = row[place - 1], row[(place + 1) % len(row)]
            up, down = (number, number) if len(rows) == 1 else (nearest(above, number), nearest(below, number))
            found[number] = (up + 1, down + 1, left + 1, right + 1)
    return tuple(found[number] for number in range(len(boxes)))

"""Where a picture lands: turned upright, its pixels squared, fitted into a region of the output."""

from dataclasses import dataclass
from fractions import Fraction

from crowdcut.media import Picture
from crowdcut.orders import Box, Raster
from crowdcut.timing import nearest

Window = tuple[int, int, int, int]
"""A part of the stored picture: x, y, width, height in stored pixels."""

FILLING_PIXELS = 2
"""Square pixels of a picture's width or height that ``contain`` may cut away so that no hairline bar is left: 639x361
is 640x360 rounded by somebody."""
FILLING_SHARE = Fraction(1, 100)
"""At most so much of it: in a drawing of 16 pixels each of them counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle in the upright picture, square pixels from its top left corner."""

    x: Fraction
    y: Fraction
    width: Fraction
    height: Fraction

    def within(self, left: Fraction, top: Fraction, width: Fraction, height: Fraction) -> "Area":
        """A part of it; ``left`` and ``top`` count from its own corner."""
        return Area(x=self.x + left, y=self.y + top, width=width, height=height)


def stood_up(picture: Picture, turn: int, mirror: bool, window: Window) -> Area:
    """A part of the stored picture, flipped, turned upright and with its pixels squared."""
    wide, high = picture.width * picture.sar, Fraction(picture.height)
    x, y, width, height = window[0] * picture.sar, Fraction(window[1]), window[2] * picture.sar, Fraction(window[3])
    if mirror:
        x = wide - x - width
    match turn:
        case 90:
            return Area(x=high - y - height, y=x, width=height, height=width)
        case 180:
            return Area(x=wide - x - width, y=high - y - height, width=width, height=height)
        case 270:
            return Area(x=y, y=wide - x - width, width=height, height=width)
        case _:
            return Area(x=x, y=y, width=width, height=height)


def whole_area(picture: Picture, turn: int, mirror: bool) -> Area:
    """All of the picture that is to be seen: its clean aperture, where it has one."""
    return stood_up(picture, turn, mirror, picture.aperture or (0, 0, picture.width, picture.height))


def displayed_size(picture: Picture, turn: int) -> tuple[Fraction, Fraction]:
    """Width and height in square pixels, turned upright."""
    area = whole_area(picture, turn, mirror=False)
    return area.width, area.height


def area_of(box: Box) -> Area:
    """A box as an area."""
    return Area(x=Fraction(box.x), y=Fraction(box.y), width=Fraction(box.width), height=Fraction(box.height))


def _edges(start: Fraction, length: Fraction, *, kept: bool) -> tuple[int, int]:
    """Start and length with each end at the nearest even number, and at least 2 between them.

    kept : whether ends half way go the same way, so that an even length stays; else they go outwards.
    """
    first, last = 2 * nearest(start / 2) if kept else -2 * nearest(-start / 2), 2 * nearest((start + length) / 2)
    if first == last:
        first, last = (first - 2, last) if first > start else (first, last + 2)
    return first, last - first


def evened(place: Area, shown: Area) -> Box:
    """The box whose every edge is the even number nearest to the place's: chroma lies on every other pixel.

    Each edge is moved by a pixel at most, and so is everything between two of them; rounding a width and a place would
    add up. ``shown`` is what fills the place: in its own size it is rather moved by a pixel than scaled.
    """
    kept = (place.width, place.height) == (shown.width, shown.height)
    (x, width), (y, height) = (
        _edges(place.x, place.width, kept=kept),
        _edges(place.y, place.height, kept=kept),
    )
    return Box(x=x, y=y, width=width, height=height)


def _grown(total: int, first: Fraction, length: Fraction) -> tuple[int, int]:
    """Start and length of the stored pixels that cover ``first`` to ``first + length``, grown to even numbers."""
    start = max(0, min(int(first), total - 2)) // 2 * 2
    end = min(total, -(-(first + length).__ceil__() // 2) * 2)
    return start, end - start


def window_over(picture: Picture, turn: int, mirror: bool, area: Area) -> Window:
    """The stored pixels that cover a part of the upright picture, grown to even numbers: chroma lies on every other."""
    wide, high = picture.width * picture.sar, Fraction(picture.height)
    x, y, width, height = area.x, area.y, area.width, area.height
    match turn:
        case 90:
            x, y, width, height = y, high - x - width, height, width
        case 180:
            x, y = wide - x - width, high - y - height
        case 270:
            x, y, width, height = wide - y - height, x, height, width
        case _:
            pass
    if mirror:
        x = wide - x - width
    left, across = _grown(picture.width, x / picture.sar, width / picture.sar)
    top, down = _grown(picture.height, y, height)
    return left, top, across, down


def used(picture: Picture, window: Window) -> Window | None:
    """``window``, or None where that is the whole stored picture."""
    return None if window == (0, 0, picture.width, picture.height) else window


def landing(picture: Picture, turn: int, mirror: bool, area: Area, target: Area) -> tuple[Box, Window]:
    """The stored pixels to use so that ``area`` fills ``target``, and where these land: a little outside it."""
    window = window_over(picture, turn, mirror, area)
    grown = stood_up(picture, turn, mirror, window)
    across, down = target.width / area.width, target.height / area.height
    exact = Area(
        x=target.x + (grown.x - area.x) * across,
        y=target.y + (grown.y - area.y) * down,
        width=grown.width * across,
        height=grown.height * down,
    )
    # What is less than two pixels wide is drawn wider, perhaps to its other side.
    box, least = evened(exact, grown), evened(target, area)
    left, top = min(box.x, least.x), min(box.y, least.y)
    right, bottom = max(box.x + box.width, least.x + least.width), max(box.y + box.height, least.y + least.height)
    return Box(x=left, y=top, width=right - left, height=bottom - top), window


def covering_part(area: Area, shape: Fraction, focus: tuple[Fraction, Fraction]) -> Area:
    """The largest part of ``area`` that is ``shape`` times as wide as it is high; ``focus`` says where (0..1)."""
    width, height = min(area.width, area.height * shape), min(area.height, area.width / shape)
    return area.within((area.width - width) * focus[0], (area.height - height) * focus[1], width, height)


def _nearly_fills(area: Area, region: Area) -> bool:
    """Whether next to nothing has to be cut away so that ``area`` fills ``region``."""
    part = covering_part(area, region.width / region.height, (Fraction(0), Fraction(0)))
    return all(
        whole - kept <= min(FILLING_PIXELS, whole * FILLING_SHARE)
        for whole, kept in ((area.width, part.width), (area.height, part.height))
    )


def contained(area: Area, region: Area) -> tuple[Area, Area]:
    """What of ``area`` is shown (all of it, or all but a hairline) and where: as large as ``region`` lets it be, in its
    middle."""
    scale = min(region.width / area.width, region.height / area.height)
    width, height = area.width * scale, area.height * scale
    place = region.within((region.width - width) / 2, (region.height - height) / 2, width, height)
    if evened(place, area) != evened(region, region) and _nearly_fills(area, region):
        middle = (Fraction(1, 2), Fraction(1, 2))
        return covering_part(area, region.width / region.height, middle), region
    return area, place


def whole_raster(raster: Raster) -> Box:
    """The box of a picture that fills the raster."""
    return Box(x=0, y=0, width=raster.width, height=raster.height)

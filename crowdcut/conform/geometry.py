"""Where a picture lands: turned upright, its pixels squared, fitted into a region of the output."""

from fractions import Fraction

from crowdcut.library import ReadAs
from crowdcut.media import Picture
from crowdcut.orders import Box, Raster
from crowdcut.timing import nearest


def turn_of(picture: Picture, read_as: ReadAs) -> int:
    """Degrees clockwise that the stored picture is turned by: the contributor's word before the file's."""
    return picture.rotation if read_as.rotation is None else read_as.rotation % 360


def displayed_size(picture: Picture, turn: int) -> tuple[Fraction, Fraction]:
    """Width and height in square pixels, turned upright."""
    wide, high = picture.width * picture.sar, Fraction(picture.height)
    return (high, wide) if turn in (90, 270) else (wide, high)


def _even(length: Fraction) -> int:
    return max(2, 2 * nearest(length / 2))


def _window(total: int, first: Fraction, length: Fraction) -> tuple[int, int]:
    """Start and length of the stored pixels that cover ``first`` to ``first + length``, grown to even numbers."""
    start = max(0, min(int(first), total - 2)) // 2 * 2
    end = min(total, -(-(first + length).__ceil__() // 2) * 2)
    return start, end - start


def covering(
    picture: Picture, turn: int, mirror: bool, region: Box, focus: tuple[Fraction, Fraction]
) -> tuple[Box, tuple[int, int, int, int]]:
    """The part of the stored picture that fills ``region``, and where that part lands (a little outside it)."""
    wide, high = displayed_size(picture, turn)
    scale = max(region.width / wide, region.height / high)
    seen_wide, seen_high = region.width / scale, region.height / scale
    left, top = (wide - seen_wide) * focus[0], (high - seen_high) * focus[1]
    # Back from the upright picture to stored pixels: undo the turn, then the mirror, then the square pixels.
    if turn in (90, 270):
        seen_wide, seen_high = seen_high, seen_wide
        left, top = (top, wide - left - seen_high) if turn == 90 else (high - top - seen_wide, left)
    elif turn == 180:
        left, top = wide - left - seen_wide, high - top - seen_high
    if mirror:
        left = picture.width * picture.sar - left - seen_wide
    x, width = _window(picture.width, left / picture.sar, seen_wide / picture.sar)
    y, height = _window(picture.height, top, seen_high)
    # Where the grown window lies, upright, against the exact one.
    before_x, before_y = left - x * picture.sar, top - y
    after_x, after_y = width * picture.sar - seen_wide - before_x, height - seen_high - before_y
    if mirror:
        before_x, after_x = after_x, before_x
    match turn:
        case 90:
            before_x, before_y = after_y, before_x
        case 180:
            before_x, before_y = after_x, after_y
        case 270:
            before_x, before_y = before_y, after_x
        case _:
            pass
    whole_wide, whole_high = width * picture.sar * scale, height * scale
    if turn in (90, 270):
        whole_wide, whole_high = whole_high, whole_wide
    box = Box(
        x=region.x - 2 * nearest(before_x * scale / 2),
        y=region.y - 2 * nearest(before_y * scale / 2),
        width=max(_even(whole_wide), region.width),
        height=max(_even(whole_high), region.height),
    )
    return box, (x, y, width, height)


def containing(picture: Picture, turn: int, region: Box) -> Box:
    """Where the whole upright picture lands, as large as ``region`` lets it be, in its middle."""
    wide, high = displayed_size(picture, turn)
    scale = min(region.width / wide, region.height / high)
    width, height = min(_even(wide * scale), region.width), min(_even(high * scale), region.height)
    return Box(
        x=region.x + 2 * nearest(Fraction(region.width - width, 4)),
        y=region.y + 2 * nearest(Fraction(region.height - height, 4)),
        width=width,
        height=height,
    )


def whole_raster(raster: Raster) -> Box:
    """The box of a picture that fills the raster."""
    return Box(x=0, y=0, width=raster.width, height=raster.height)

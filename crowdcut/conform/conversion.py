"""Decides what is done to a contribution's picture so that it fits its region of the programme."""

from fractions import Fraction

from crowdcut.conform.colour import is_full_range, matrix_of, primaries_of, tone_of
from crowdcut.conform.geometry import containing, covering, turn_of
from crowdcut.conform.scan import field_order_of, shows_fields
from crowdcut.library import ReadAs
from crowdcut.media import Picture
from crowdcut.orders import Box, Conversion, Fit, Key


def is_premultiplied(picture: Picture, read_as: ReadAs) -> bool:
    """Whether colours are stored multiplied by their alpha: the contributor's word before what the pictures tell."""
    return picture.premultiplied if read_as.premultiplied is None else read_as.premultiplied


def conversion_for(
    picture: Picture,
    *,
    read_as: ReadAs,
    fit: Fit,
    focus: tuple[Fraction, Fraction],
    region: Box,
    flatten: tuple[int, int, int] | None,
    rate: Fraction | None = None,
    key: Key | None = None,
) -> Conversion:
    """How ``picture`` is brought into ``region`` of the output.

    ``focus``: parts (0..1) of what ``cover`` cuts away, to the left and above. ``flatten``: the colour
    under a picture with alpha, or None to keep its alpha. ``rate``: pictures that the output takes from a second of
    the source; None: no more than are stored. ``key``: the screen that is made
    clear; a blurred copy of it would fill the raster with its colour, so there is none.
    """
    order = field_order_of(picture)
    turn, mirror = turn_of(picture, read_as), picture.mirrored
    crop = None
    if fit == "cover":
        box, crop = covering(picture, turn, mirror, region, focus)
        if crop == (0, 0, picture.width, picture.height):
            crop = None
    else:
        box = containing(picture, turn, region)
    fills = box.width >= region.width and box.height >= region.height
    return Conversion(
        box=box,
        turn=turn,
        mirror=mirror,
        crop=crop,
        deinterlace=order is not None,
        field_order=order or "tff",
        field_rate=order is not None and shows_fields(picture, rate),
        matrix=matrix_of(picture),
        full_range=is_full_range(picture),
        tone=tone_of(picture),
        primaries=primaries_of(picture),
        backdrop=fit == "blur" and not fills and key is None,
        premultiplied=picture.alpha and is_premultiplied(picture, read_as),
        flatten=flatten if picture.alpha else None,
        key=key,
    )

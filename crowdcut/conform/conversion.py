"""Decides what is done to a contribution's picture so that it fits its region of the programme."""

from fractions import Fraction

from crowdcut.conform.colour import is_full_range, matrix_of, primaries_of, tone_of
from crowdcut.conform.framing import Framing, cropped, sight_of
from crowdcut.conform.geometry import (
    Area,
    Window,
    area_of,
    contained,
    evened,
    landing,
    used,
    whole_area,
)
from crowdcut.conform.motion_path import ground_for
from crowdcut.conform.scan import field_order_of, shows_fields, telecine_of, woven_order_of
from crowdcut.media import Picture
from crowdcut.orders import Box, Conversion, Fit, Key, Pan

Laid = tuple[Box, Window | None, Box | None, Pan | None]
"""Where a picture lands, what of it, what of that is shown, and how a view moves over it."""


def _laid(
    picture: Picture, fit: Fit, focus: tuple[Fraction, Fraction], region: Area, framing: Framing
) -> tuple[Laid, Box]:
    """How the picture is laid, and the part of ``region`` that it fills."""
    turn, mirror = picture.rotation, picture.mirrored
    whole = whole_area(picture, turn, mirror)
    area = cropped(whole, framing)
    if fit != "cover":
        area, region = contained(area, region)
    filled = evened(region, area)
    sight = sight_of(area, whole, filled, covers=fit == "cover", focus=focus, framing=framing)
    if sight.moves:
        ground = ground_for(
            picture, turn, mirror, sight.areas, every_frames=sight.every_frames, kind=sight.kind, region=filled
        )
        return (ground.box, ground.crop, None, ground.pan), filled
    box, window = landing(picture, turn, mirror, sight.areas[0], region)
    return (box, used(picture, window), filled if box != filled else None, None), filled


def conversion_for(
    picture: Picture,
    *,
    fit: Fit,
    focus: tuple[Fraction, Fraction],
    region: Box | Area,
    flatten: tuple[int, int, int] | None,
    rate: Fraction | None = None,
    key: Key | None = None,
    framing: Framing | None = None,
) -> Conversion:
    """How ``picture``, as it is to be read, is brought into ``region``, each of its edges to the nearest even pixel.

    ``focus``: parts (0..1) of what ``cover`` cuts away, to the left and above. ``flatten``: the colour
    under a picture with alpha, or None to keep its alpha. ``rate``: pictures that the output takes from a second of
    the source; None: no more than are stored. ``key``: the screen that is made
    clear; a blurred copy of it would fill the raster with its colour, so there is none. ``framing``: what else is
    asked of its frame.
    """
    telecine = telecine_of(picture)
    order = field_order_of(picture) if telecine is None else None
    exact = area_of(region) if isinstance(region, Box) else region
    (box, crop, clip, pan), filled = _laid(picture, fit, focus, exact, framing or Framing())
    fills = filled == evened(exact, exact)
    return Conversion(
        box=box,
        turn=picture.rotation,
        mirror=picture.mirrored,
        crop=crop,
        deinterlace=order is not None,
        field_order=woven_order_of(picture) if telecine == "hard" else order or "tff",
        field_rate=order is not None and shows_fields(picture, rate),
        telecine=telecine,
        matrix=matrix_of(picture),
        full_range=is_full_range(picture),
        tone=tone_of(picture),
        primaries=primaries_of(picture),
        backdrop=fit == "blur" and not fills and key is None,
        premultiplied=picture.alpha and picture.premultiplied,
        flatten=flatten if picture.alpha else None,
        key=key,
        clip=clip,
        pan=pan,
    )

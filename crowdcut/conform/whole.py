"""What would be done to a whole file in a delivery, if a shot that asks for nothing showed all of it."""

from fractions import Fraction

from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.geometry import whole_raster
from crowdcut.media import Media
from crowdcut.orders import Animation, Fit, Raster, Still, Video

_MIDDLE = (Fraction(1, 2), Fraction(1, 2))
_GROUND = (0, 0, 0)
"""Under what is clear; a template has a colour of its own."""


def whole_source(
    media: Media,
    raster: Raster,
    *,
    fit: Fit = "contain",
    ground: tuple[int, int, int] = _GROUND,
    start: Fraction = Fraction(0),
) -> Video | Still | Animation | None:
    """All of a file in the raster; None for one without a picture.

    ground : sRGB, under what is clear. start : source time of the first frame, seconds.
    """
    picture = media.picture
    if picture is None:
        return None
    conversion = conversion_for(
        picture,
        fit=fit,
        focus=_MIDDLE,
        region=whole_raster(raster),
        flatten=ground,
        rate=raster.rate,
    )
    if media.kind == "still":
        return Still(file="file", picture=picture, conversion=conversion)
    kind = Animation if media.kind == "animation" else Video
    return kind(file="file", picture=picture, start=start, conversion=conversion)

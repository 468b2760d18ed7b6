"""Where a file lies about itself and the library says better: its picture and its clocks as they are to be read.

It is done before a film is laid out, so that nothing after it knows which of the two spoke.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

from crowdcut.conform.sampling import ROUNDING_MAX
from crowdcut.library import Library, ReadAs
from crowdcut.media import Colour, Media, Picture

_MATRICES = {"bt601": "smpte170m", "bt709": "bt709", "bt2020": "bt2020nc"}
_PRIMARIES = {
    "bt601-525": "smpte170m",
    "bt601-625": "bt470bg",
    "bt709": "bt709",
    "p3": "smpte432",
    "bt2020": "bt2020",
}
_TRANSFERS = {"sdr": "bt709", "pq": "smpte2084", "hlg": "arib-std-b67"}
"""Words of the library to FFmpeg's names (ITU-T H.273)."""
_FIELDS: dict[str, Literal["tff", "bff"] | None] = {"tff": "tff", "bff": "bff", "progressive": None}
_SHOWN = {None: "not told", True: "yes", False: "no"}
_NOT_TOLD = {"interlaced": "progressive"}

_TOLD = {
    "rotation": "turned by",
    "mirrored": "flipped left to right",
    "sar": "sample aspect ratio",
    "rate": "pictures a second",
    "interlaced": "field order",
    "telecined": "telecine",
    "alpha": "alpha",
    "premultiplied": "having alpha multiplied into its colours",
    "matrix": "colour matrix",
    "primaries": "primaries",
    "transfer": "transfer function",
    "full_range": "full range",
}
"""Fields of Picture and Colour that a library can correct, in words."""


def _colour(colour: Colour, read_as: ReadAs) -> Colour:
    return Colour(
        matrix=colour.matrix if read_as.matrix is None else _MATRICES[read_as.matrix],
        primaries=colour.primaries if read_as.primaries is None else _PRIMARIES[read_as.primaries],
        transfer=colour.transfer if read_as.transfer is None else _TRANSFERS[read_as.transfer],
        full_range=colour.full_range if read_as.range is None else read_as.range == "full",
    )


def _retimed(picture: Picture, rate: Fraction) -> Picture:
    """The picture at ``rate``: its clock runs at another speed or, where that is too coarse, pictures are counted."""
    if picture.rate is None or (picture.constant and picture.rate == rate):
        return picture
    even: dict[str, Any] = {"rate": rate, "constant": True, "duration": picture.frames / rate}
    slower = picture.rate / rate
    trusted = picture.constant and not picture.count_frames
    if trusted and picture.time_base is not None and (time_base := picture.time_base * slower) <= ROUNDING_MAX:
        return replace(picture, time_base=time_base, start=picture.start * slower, **even)
    return replace(picture, count_frames=True, **even)


def as_read(picture: Picture, read_as: ReadAs) -> Picture:
    """``picture`` with what the library says in place of what the file says. Once more changes nothing more."""
    if read_as == ReadAs():
        return picture
    if read_as.rate is not None:
        picture = _retimed(picture, read_as.rate)
    form = picture.pixel_format
    if read_as.range == "limited":
        form = form.replace("yuvj", "yuv")  # FFmpeg's old names of full range formats say it a second time
    if read_as.interlaced == "telecine":
        picture = replace(picture, telecined=True)  # which field comes first is still for the pictures to tell
    elif read_as.interlaced is not None:
        # Somebody knows: no votes count.
        picture = replace(picture, interlaced=_FIELDS[read_as.interlaced], scan=None, cadence=None)
    alpha = picture.alpha and read_as.alpha != "none"
    return replace(
        picture,
        rotation=picture.rotation if read_as.rotation is None else read_as.rotation % 360,
        mirrored=picture.mirrored if read_as.mirror is None else read_as.mirror,
        sar=picture.sar if read_as.sar is None else read_as.sar,
        alpha=alpha,
        premultiplied=alpha and (picture.premultiplied if read_as.premultiplied is None else read_as.premultiplied),
        pixel_format=form,
        colour=_colour(picture.colour, read_as),
    )


def _shown(name: str, value: Any) -> str:
    if value is None or isinstance(value, bool):
        return _NOT_TOLD.get(name, _SHOWN[value])
    return str(value)


def _differences(before: Picture, after: Picture) -> list[str]:
    """What is read otherwise, one sentence each."""
    told = []
    for name, words in _TOLD.items():
        old, new = (getattr(one if hasattr(one, name) else one.colour, name) for one in (before, after))
        if old != new:
            told.append(f"read as {words} {_shown(name, new)}, as the library says (the file: {_shown(name, old)})")
    return told


def media_as_read(media: Media, read_as: ReadAs) -> Media:
    """A file as the library says it is to be read, and what that changed in words."""
    if read_as == ReadAs() or media.picture is None:
        return media
    picture, told = as_read(media.picture, read_as), _differences(media.picture, as_read(media.picture, read_as))
    origin = media.origin
    if read_as.start is not None and media.sound is not None:
        origin = media.sound.start + read_as.start
        if origin != media.origin:
            was = float(media.origin - media.sound.start)
            told.append(
                f"its picture begins {float(read_as.start):.3f} s after its sound, as the library says "
                f"(the file: {was:.3f} s)"
            )
    return replace(
        media,
        picture=picture,
        ticks="" if picture.constant else media.ticks,
        sound_origin=None if origin == picture.start else origin,
        read_otherwise=tuple(told),
    )


def library_read(media: Mapping[str, Media], library: Library) -> dict[str, Media]:
    """Every file of a production as its library says it is to be read, by contribution."""
    return {use: media_as_read(one, library.contributions[use].read_as) for use, one in media.items()}

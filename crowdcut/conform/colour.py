"""How a picture's colours are read: by its tags, or by the usual rule where it has none."""

from crowdcut.media import Picture
from crowdcut.orders import Conversion

MATRICES = {"bt709": "bt709", "smpte170m": "bt601", "bt470bg": "bt601", "fcc": "bt601", "smpte240m": "bt709"}
"""FFmpeg's matrix tags to the matrices that pictures are read with; ``bt2020*`` and ``gbr`` are handled apart."""

TONES = {"smpte2084": "pq", "arib-std-b67": "hlg"}
"""Transfer tags of high dynamic range pictures."""

SD_HEIGHT_MAX = 576
"""Untagged YUV up to this stored height is read as BT.601, above as BT.709 (the rule of players and of FFmpeg's)."""


def _is_rgb(picture: Picture) -> bool:
    form = picture.pixel_format
    return form.startswith(("rgb", "bgr", "gbr", "argb", "abgr", "pal8", "0rgb", "0bgr", "x2rgb")) or (
        picture.colour.matrix in ("gbr", "rgb")
    )


def matrix_of(picture: Picture) -> str:
    """The matrix that a stored picture is read with: its tag, or the usual rule for untagged ones."""
    tag = picture.colour.matrix
    if _is_rgb(picture):
        return "rgb"
    if tag is not None and tag.startswith("bt2020"):
        return "bt2020"
    if tag in MATRICES:
        return MATRICES[tag]
    return "bt601" if picture.height <= SD_HEIGHT_MAX else "bt709"


def is_full_range(picture: Picture) -> bool:
    """Whether black and white are 0 and 255 rather than 16 and 235."""
    return bool(picture.colour.full_range) or picture.pixel_format.startswith("yuvj")


def colour_done(picture: Picture, conversion: Conversion) -> list[str]:
    """How colours were read, where that is not what their tags say."""
    tag, primaries = picture.colour.matrix, picture.colour.primaries
    done = []
    if tag is None and conversion.matrix != "rgb":
        done.append(f"untagged colour read as {conversion.matrix.upper()}")
    elif tag is not None and tag not in MATRICES and not tag.startswith("bt2020") and conversion.matrix != "rgb":
        done.append(f"colour tagged {tag} read as {conversion.matrix.upper()}")
    if primaries == "bt2020" and conversion.tone is None:
        done.append("BT.2020 primaries shown as BT.709's: its colours come out paler")
    return done

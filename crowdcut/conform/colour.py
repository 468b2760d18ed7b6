"""How a picture's colours are read: by its tags, or by the usual rule where it has none.

Primaries of standard definition (BT.470 B/G, SMPTE 170M) are shown as BT.709's. On the 24 patches of a ColorChecker
that is dE2000 0.4 on average and 0.9 at most for the first, 0.7 and 1.7 for the second: less than anybody sees, and
most files with these tags were made from BT.709 pictures by programs that tag by size. For Display P3 (1.8 and 3.4) and
BT.2020 (4.0 and 8.4) it would be seen: these are converted.
"""

from typing import Literal

from crowdcut.media import Picture
from crowdcut.orders import Conversion, Primaries

MATRICES = {"bt709": "bt709", "smpte170m": "bt601", "bt470bg": "bt601", "fcc": "bt601", "smpte240m": "bt709"}
"""FFmpeg's matrix tags to the matrices that pictures are read with; ``bt2020*`` and ``gbr`` are handled apart."""

TONES: dict[str, Literal["pq", "hlg"]] = {"smpte2084": "pq", "arib-std-b67": "hlg"}
"""Transfer tags of high dynamic range pictures."""

_GAMUTS = {"bt2020": "BT.2020", "smpte432": "Display P3", "bt709": "BT.709"}
_SD_GAMUTS = {"bt470bg": "BT.470 B/G", "smpte170m": "SMPTE 170M"}

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


def tone_of(picture: Picture) -> Literal["pq", "hlg"] | None:
    """The high dynamic range curve that a picture is coded with; None in standard dynamic range."""
    return TONES.get(picture.colour.transfer or "")


def primaries_of(picture: Picture) -> Primaries | None:
    """The primaries that a picture is brought from, where these are not those of its kind: BT.2020's in high dynamic
    range, BT.709's in standard."""
    tag = picture.colour.primaries
    if tone_of(picture) is not None:
        return "smpte432" if tag == "smpte432" else "bt709" if tag == "bt709" else None
    if tag == "bt2020" or (tag is None and matrix_of(picture) == "bt2020"):
        return "bt2020"
    return "smpte432" if tag == "smpte432" else None


def colour_done(picture: Picture, conversion: Conversion) -> list[str]:
    """How colours were read, where that is not what their tags say."""
    tag, primaries = picture.colour.matrix, picture.colour.primaries or ""
    done = []
    if tag is None and conversion.matrix != "rgb":
        done.append(f"untagged colour read as {conversion.matrix.upper()}")
    elif tag is not None and tag not in (*MATRICES, "bt2020nc") and conversion.matrix != "rgb":
        done.append(f"colour tagged {tag} read as {conversion.matrix.upper()}")
    if conversion.tone is not None:
        of = f" of {_GAMUTS[conversion.primaries]} primaries" if conversion.primaries is not None else ""
        done.append(f"brought from {conversion.tone.upper()}{of} to standard dynamic range (BT.2446-1 method A)")
    elif conversion.primaries is not None:
        done.append(f"brought from {_GAMUTS[conversion.primaries]} to BT.709's colours")
    if primaries in _SD_GAMUTS and conversion.tone is None:
        done.append(f"{_SD_GAMUTS[primaries]} primaries shown as BT.709's (dE2000 below 2)")
    return done

"""What a still's header says of its colours that Pillow does not show: high dynamic range, gain maps."""

import re
from dataclasses import dataclass
from pathlib import Path

from crowdcut.media import Colour
from renderers.streams import MATRICES, PRIMARIES, TRANSFERS

_HEAD_BYTES = 256 << 10
"""Headers of photographs, with their EXIF and thumbnails, are smaller."""

# H.273 code points: in HEIF and AVIF a colour box of kind nclx with three numbers of two bytes; in PNG a chunk of four
# of one byte (PNG third edition, 11.3.2.6), which stands before the picture.
_NCLX = re.compile(rb"colrnclx\0(.)\0(.)\0(.)(.)", re.DOTALL)
_CICP = re.compile(rb"\0\0\0\x04cICP(.)(.)(.)(.)", re.DOTALL)
# Ultra HDR's XMP (JPEG), Apple's auxiliary picture (HEIC), ISO 21496-1's in HEIF and AVIF and in JPEG.
_GAIN_MAP = re.compile(rb"hdrgm:Version|hdrgainmap|ftyp.{4,64}tmap|urn:iso:std:iso:ts:21496", re.DOTALL)
_HDR = frozenset({"smpte2084", "arib-std-b67"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StillColour:
    """What was found."""

    high_range: Colour | None = None
    """Of a picture coded with PQ or HLG, as it is when it is decoded to R'G'B'; None for all others."""
    gain_map: bool = False
    """Whether it is a picture in standard range with a map that makes it brighter on displays that can."""


def still_colour(path: Path) -> StillColour:
    """Read a still's header. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    coded = (_CICP if head.startswith(b"\x89PNG") else _NCLX).search(head)
    colour = None
    if coded is not None and (transfer := TRANSFERS.get(coded[2][0])) in _HDR:
        colour = Colour(primaries=PRIMARIES.get(coded[1][0]), transfer=transfer, matrix=MATRICES[0], full_range=True)
    return StillColour(high_range=colour, gain_map=colour is None and _GAIN_MAP.search(head) is not None)

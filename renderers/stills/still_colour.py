"""What a still's header says of its colours that Pillow does not show: high dynamic range, wide gamuts, gain maps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crowdcut.media import Colour
from renderers.files.iso_boxes import boxes, held
from renderers.files.streams import MATRICES, PRIMARIES, TRANSFERS

_HEAD_BYTES = 256 << 10
"""Headers of photographs, with their EXIF and thumbnails, are smaller."""

# A PNG's chunk of H.273 code points (PNG third edition, 11.3.2.6), which stands before the picture.
_CICP = re.compile(rb"\0\0\0\x04cICP(.)(.)(.)(.)", re.DOTALL)
# Ultra HDR's XMP (JPEG), Apple's auxiliary picture (HEIC), ISO 21496-1's in HEIF and AVIF and in JPEG.
_GAIN_MAP = re.compile(rb"hdrgm:Version|hdrgainmap|ftyp.{4,64}tmap|urn:iso:std:iso:ts:21496", re.DOTALL)
_HDR = frozenset({"smpte2084", "arib-std-b67"})
_WIDE = frozenset({"bt2020", "smpte432"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StillColour:
    """What was found."""

    coded: Colour | None = None
    """Of a picture in high dynamic range or in a wide gamut, as it is when it is decoded to R'G'B'; None for others."""
    before_profile: bool = False
    """Whether that goes before the file's colour profile."""
    gain_map: bool = False
    """Whether it is a picture in standard range with a map that makes it brighter on displays that can."""


def _associated(contents: bytes, wanted: int) -> Iterator[int]:
    """Numbers (from 1) of an item's properties, by a box ``ipma`` (ISO/IEC 23008-12, 9.3.1)."""
    wide_items, wide_numbers = contents[0] > 0, bool(contents[3] & 1)
    id_bytes, number_bytes = 4 if wide_items else 2, 2 if wide_numbers else 1
    at = 8
    for _ in range(int.from_bytes(contents[4:8])):
        if at + id_bytes >= len(contents):
            return
        item, count = int.from_bytes(contents[at : at + id_bytes]), contents[at + id_bytes]
        at += id_bytes + 1
        for place in range(at, at + count * number_bytes, number_bytes) if item == wanted else ():
            # The highest bit says that the property is essential.
            yield int.from_bytes(contents[place : place + number_bytes]) & (0x7FFF if wide_numbers else 0x7F)
        at += count * number_bytes


def _primary_properties(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and contents of the properties of a HEIF or AVIF file's primary picture: others are maps and thumbnails."""
    for meta in held(head, [b"meta"]):
        inside = meta[4:]
        primary = next((one for one in held(inside, [b"pitm"]) if len(one) >= 6), None)
        if primary is None:
            return
        wanted = int.from_bytes(primary[4:8] if primary[0] else primary[4:6])
        properties = [one for container in held(inside, [b"iprp", b"ipco"]) for one in boxes(container)]
        for told in held(inside, [b"iprp", b"ipma"]):
            numbers = _associated(told, wanted) if len(told) >= 8 else ()
            yield from (properties[number - 1] for number in numbers if 0 < number <= len(properties))


def _code_points(head: bytes) -> tuple[int, int] | None:
    """Primaries and transfer (H.273) of the picture; None where it has none."""
    if head.startswith(b"\x89PNG"):
        chunk = _CICP.search(head)
        return (chunk[1][0], chunk[2][0]) if chunk else None
    if head[4:8] != b"ftyp":
        return None
    for name, contents in _primary_properties(head):
        if name == b"colr" and contents[:4] == b"nclx" and len(contents) >= 8:
            return int.from_bytes(contents[4:6]), int.from_bytes(contents[6:8])
    return None


def still_colour(path: Path) -> StillColour:
    """Read a still's header. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    points = _code_points(head)
    primaries, transfer = (PRIMARIES.get(points[0]), TRANSFERS.get(points[1])) if points else (None, None)
    high = transfer in _HDR
    coded = None
    if high or primaries in _WIDE:
        coded = Colour(primaries=primaries, transfer=transfer, matrix=MATRICES[0], full_range=True)
    # A profile cannot say how HDR is to be shown in standard range; in PNG the chunk always goes before it.
    before = high or head.startswith(b"\x89PNG")
    return StillColour(coded=coded, before_profile=before, gain_map=not high and _GAIN_MAP.search(head) is not None)

"""The headers of a coded MPEG-2 picture (ISO/IEC 13818-2, 6.2 and 6.3): what a disc needs to be written into them, and
what a piece's digest leaves out because only the join decides it.

FFmpeg's encoder tells frames a second as it was told, and knows no 2:3 pulldown. A coded picture is the same for every
cadence; what differs is a few bits of its headers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from crowdcut.disc.cadence import Cadence
from crowdcut.disc.standards import VBV_BITS, VIDEO_BITS_MAX

_PICTURE, _SEQUENCE, _EXTENSION, _GROUP = 0x00, 0xB3, 0xB5, 0xB8
_SEQUENCE_EXTENSION, _PICTURE_EXTENSION = 1, 8
_TOP_FIRST, _REPEAT = 0x80, 0x02
"""Bits of the fourth byte of the picture coding extension."""
_PROGRESSIVE = 0x08
"""Bit of the second byte of the sequence extension."""
"""Bit of the last byte of a group's header; the one over it and the three bytes before are its time code."""
_FIRST_SLICE, _LAST_SLICE = 0x01, 0xAF


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """Where the headers of one coded picture lie in its bytes, just after their start codes."""

    picture: int
    picture_extension: int
    sequence: int | None = None
    sequence_extension: int | None = None
    group: int | None = None


def _start_codes(coded: bytes | bytearray) -> Iterator[tuple[int, int]]:
    """Start codes before the first slice, and where what follows them begins."""
    at = coded.find(b"\0\0\1")
    while 0 <= at < len(coded) - 3 and not _FIRST_SLICE <= coded[at + 3] <= _LAST_SLICE:
        yield coded[at + 3], at + 4
        at = coded.find(b"\0\0\1", at + 3)


def headers_of(coded: bytes | bytearray) -> Headers:
    """Raises ValueError for bytes that are no MPEG-2 picture."""
    found: dict[str, int] = {}
    for code, at in _start_codes(coded):
        if code == _EXTENSION:
            kind = coded[at] >> 4
            name = {_SEQUENCE_EXTENSION: "sequence_extension", _PICTURE_EXTENSION: "picture_extension"}.get(kind)
        else:
            name = {_PICTURE: "picture", _SEQUENCE: "sequence", _GROUP: "group"}.get(code)
        if name is not None:
            found[name] = at
    if not {"picture", "picture_extension"} <= set(found):
        raise ValueError("these bytes are no MPEG-2 picture")
    return Headers(**found)


def temporal_reference(coded: bytes | bytearray, headers: Headers) -> int:
    """The picture's place in its group, as shown."""
    at = headers.picture
    return coded[at] << 2 | coded[at + 1] >> 6


def without_place(coded: bytes) -> bytes:
    """The coded picture without all that :func:`placed` writes into it."""
    headers, blank = headers_of(coded), bytearray(coded)
    if (at := headers.sequence) is not None:
        blank[at + 3] &= 0xF0
        blank[at + 4 : at + 8] = bytes((0, 0, 0x20, blank[at + 7] & 0x07))
    if (at := headers.sequence_extension) is not None:
        blank[at + 1] &= 0xFF ^ _PROGRESSIVE
    if (at := headers.group) is not None:
        blank[at : at + 4] = bytes((0, 0x08, 0, blank[at + 3] & 0x7F))
    blank[headers.picture_extension + 3] &= 0xFF ^ (_TOP_FIRST | _REPEAT)
    return bytes(blank)


def _sequence_told(frame_rate_code: int) -> tuple[int, bytes]:
    """The frame rate code, and the bytes after it: units of 400 bits a second, a marker, 16,384 bits of buffer."""
    rate, buffer = VIDEO_BITS_MAX // 400, VBV_BITS // 16_384
    return frame_rate_code, (rate << 14 | 1 << 13 | buffer << 3).to_bytes(4)


def placed(coded: bytes, cadence: Cadence, *, frame: int, group_frame: int) -> bytes:
    """The coded picture as it stands in a programme.

    frame : its number in the programme. group_frame : that of the first picture shown of its group.
    The sequence is told to be of a disc's interlaced kind, in which pictures are whole frames all the same
    (``progressive_frame``): only there may a picture last three fields.
    """
    headers, told = headers_of(coded), bytearray(coded)
    if (at := headers.sequence) is not None:
        code, rest = _sequence_told(cadence.standard.frame_rate_code)
        told[at + 3] = told[at + 3] & 0xF0 | code
        told[at + 4 : at + 8] = rest[:3] + bytes((rest[3] | told[at + 7] & 0x07,))
    if (at := headers.sequence_extension) is not None:
        told[at + 1] &= 0xFF ^ _PROGRESSIVE
    if (at := headers.group) is not None:
        hours, minutes, seconds, frames = cadence.timecode(group_frame)
        code = hours << 26 | minutes << 20 | 1 << 19 | seconds << 13 | frames << 7
        told[at : at + 4] = (code | told[at + 3] & 0x7F).to_bytes(4)
    at = headers.picture_extension + 3
    flags = (_TOP_FIRST if cadence.top_field_first(frame) else 0) | (_REPEAT if cadence.fields(frame) == 3 else 0)
    told[at] = told[at] & (0xFF ^ (_TOP_FIRST | _REPEAT)) | flags
    return bytes(told)

"""Which part of the stored picture a film's container says is to be seen: the clean aperture of MP4 and QuickTime files
(``clap``), the cropping of Matroska's. FFmpeg's library reads both; PyAV passes neither on.

Every number is the contributor's: it is looked for at bounded depth among a bounded number of boxes, and believed only
where it lies inside the picture that was decoded.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import NamedTuple

from crowdcut.conform.geometry import Window
from renderers.files.iso_boxes import boxes, held
from renderers.files.marks import index_of_iso_file

_ELEMENTS_MAX = 2_000
"""Of a Matroska file that are looked at on one level: tracks, and what stands in them."""
_HEADER_BYTES_MAX = 8 << 20
"""Of a Matroska file's list of tracks, most of which are parameter sets."""

_ENTRY_BYTES = 78
"""Of the contents of an entry for pictures, before the boxes in it (ISO/IEC 14496-12, 12.1.3)."""

_EBML, _SEGMENT, _TRACKS, _TRACK = 0x1A45DFA3, 0x18538067, 0x1654AE6B, 0xAE
_CODEC, _VIDEO, _WIDTH, _HEIGHT = 0x86, 0xE0, 0xB0, 0xBA
_CROP_BOTTOM, _CROP_TOP, _CROP_LEFT, _CROP_RIGHT = 0x54AA, 0x54BB, 0x54CC, 0x54DD
"""RFC 9559, section 5.1."""


class Told(NamedTuple):
    """What a container says of one picture track."""

    width: int
    """Of the stored picture, as the container has it."""
    height: int
    window: tuple[Fraction, Fraction, Fraction, Fraction] | None
    """Left, top, right, bottom of what is to be seen, in stored pixels; None: numbers that make no sense."""


def _clean_aperture(entry: bytes, clap: bytes) -> Told:
    """ISO/IEC 14496-12, 12.1.4: width, height, and how far its middle lies from the picture's, as fractions."""
    width, height = int.from_bytes(entry[24:26]), int.from_bytes(entry[26:28])
    numbers = [int.from_bytes(clap[place : place + 4], signed=True) for place in range(0, 32, 4)]
    if len(clap) < 32 or min(numbers[1::2]) <= 0 or min(numbers[0], numbers[2]) <= 0:
        return Told(width, height, None)
    wide, high, right, down = (Fraction(*numbers[place : place + 2]) for place in range(0, 8, 2))
    left, top = (width - wide) / 2 + right, (height - high) / 2 + down
    return Told(width, height, (left, top, left + wide, top + high))


def _told_by_iso(index: bytes, track: int) -> Told | None:
    """What the index of an MP4 or QuickTime file says of the track with the number ``track``."""
    for trak in held(index, (b"moov", b"trak")):
        header = next(held(trak, (b"tkhd",)), b"")
        number = 20 if header[:1] == b"\1" else 12
        if int.from_bytes(header[number : number + 4]) == track:
            table = next(held(trak, (b"mdia", b"minf", b"stbl", b"stsd")), b"")
            _, entry = next(boxes(table[8:]), (b"", b""))
            clap = next(held(entry[_ENTRY_BYTES:], (b"clap",)), None)
            return None if clap is None else _clean_aperture(entry, clap)
    return None


def _number(data: memoryview, *, marked: bool) -> tuple[int, int]:
    """A number of EBML's and how many bytes it takes (RFC 8794, section 4); 0 bytes: it is none.

    marked : whether the bits that tell its length belong to it, as they do in an element's name.
    """
    length = 9 - data[0].bit_length() if data and data[0] else 0
    if not length or length > len(data):
        return 0, 0
    value = int.from_bytes(data[:length])
    return (value if marked else value & (1 << 7 * length) - 1), length


def _elements(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Names and contents of the elements in an element; a content may be cut off by the end of what was read."""
    for _ in range(_ELEMENTS_MAX):
        name, wide = _number(data, marked=True)
        size, high = _number(data[wide:], marked=False)
        if not wide or not high:
            return
        yield name, data[wide + high : wide + high + size]
        data = data[wide + high + size :]


def _tracks_of_matroska(path: Path) -> memoryview:
    """The list of tracks; empty if this is no Matroska file, or where it stands behind the pictures."""
    place, end = 0, path.stat().st_size
    with path.open("rb") as file:
        for _ in range(_ELEMENTS_MAX):
            file.seek(place)
            head = memoryview(file.read(12))
            name, wide = _number(head, marked=True)
            size, high = _number(head[wide:], marked=False)
            if not wide or not high or (place == 0) != (name == _EBML):
                break
            place += wide + high
            if name == _TRACKS:
                file.seek(place)
                return memoryview(file.read(min(size, _HEADER_BYTES_MAX)))
            # Into the segment, past everything else.
            place += 0 if name == _SEGMENT else size
            if place > end:
                break
    return memoryview(b"")


def _told_by_matroska(tracks: memoryview, number: int) -> Told | None:
    """What the list of tracks says of the picture track that comes ``number`` others after the first."""
    entries = [dict(_elements(inside)) for name, inside in _elements(tracks) if name == _TRACK]
    pictures = [dict(_elements(entry[_VIDEO])) for entry in entries if _VIDEO in entry and _CODEC in entry]
    if number >= len(pictures):
        return None
    wide, high, left, top, right, bottom = (
        int.from_bytes(pictures[number].get(name, b"")[:8])
        for name in (_WIDTH, _HEIGHT, _CROP_LEFT, _CROP_TOP, _CROP_RIGHT, _CROP_BOTTOM)
    )
    if not left | top | right | bottom:
        return None
    return Told(wide, high, (Fraction(left), Fraction(top), Fraction(wide - right), Fraction(high - bottom)))


def aperture_of(path: Path, *, track: int, number: int, size: tuple[int, int]) -> tuple[Window | None, str | None]:
    """The part of the stored picture that is to be seen (None: all of it), and what is odd about it.

    track : the stream's number in its container (FFmpeg's stream id).
    number : how many picture streams come before it.
    size : width and height of the pictures that are decoded.
    """
    index = index_of_iso_file(path)
    told = _told_by_iso(index, track) if index else _told_by_matroska(_tracks_of_matroska(path), number)
    if told is None:
        return None, None
    if (told.width, told.height) != size:
        return None, f"its clean aperture is meant for pictures of {told.width}x{told.height}: it is left aside"
    # As FFmpeg rounds: to the pixels that the edges lie in.
    left, top, right, bottom = map(floor, told.window or (0, 0, 0, 0))
    if not (0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]):
        return None, "its clean aperture is no part of its picture: it is left aside"
    window = left, top, right - left, bottom - top
    return (None if window == (0, 0, *size) else window), None

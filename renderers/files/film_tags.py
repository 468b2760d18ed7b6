"""What a film says of its own colours and pixels, in its file and in its coding apart.

FFmpeg shows one answer for both: where the coding is silent it gives the container's, and some players read only one.
"""

from fractions import Fraction
from pathlib import Path

from av.video.stream import VideoStream

from renderers.files.iso_boxes import boxes, held
from renderers.files.marks import index_of_iso_file
from renderers.files.streams import MATRICES, PRIMARIES, TRANSFERS

Tags = dict[str, list[str] | str | None]
"""``colour``: primaries, transfer, matrix and range, in FFmpeg's names; ``sample_aspect_ratio``: ``1``, ``4/3``. None
where nothing is said."""

_TO_SAMPLE_ENTRY = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
_ENTRIES_FROM = 8
"""Bytes of a sample table's version and count."""
_BOXES_FROM = 78
"""Bytes of a visual sample entry before its boxes (ISO/IEC 14496-12, 12.1.3)."""
_EXTENDED_SAR = 255
_SQUARE = 1
"""Value of aspect_ratio_idc (H.264, table E-1)."""
_HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})


def _picture_entry(file: Path) -> dict[bytes, bytes]:
    """The boxes of the first H.264 track's sample entry."""
    for table in held(index_of_iso_file(file) or b"", _TO_SAMPLE_ENTRY):
        for coding, entry in boxes(table[_ENTRIES_FROM:]):
            if coding == b"avc1":
                return dict(boxes(entry[_BOXES_FROM:]))
    return {}


def _colour(primaries: int, transfer: int, matrix: int, *, full: bool) -> list[str]:
    names = PRIMARIES.get(primaries), TRANSFERS.get(transfer), MATRICES.get(matrix)
    return [*(name or "unknown" for name in names), "full" if full else "limited"]


def _of_container(properties: dict[bytes, bytes]) -> Tags:
    """By ``colr`` of kind nclx and ``pasp`` (ISO/IEC 14496-12, 12.1.4 and 12.1.5)."""
    colour, ratio = properties.get(b"colr", b""), properties.get(b"pasp")
    told: Tags = {"colour": None, "sample_aspect_ratio": None}
    if colour[:4] == b"nclx" and len(colour) >= 11:
        points = (int.from_bytes(colour[at : at + 2]) for at in (4, 6, 8))
        told["colour"] = _colour(*points, full=bool(colour[10] & 0x80))
    if ratio is not None and len(ratio) >= 8 and any(ratio[4:8]):
        told["sample_aspect_ratio"] = str(Fraction(int.from_bytes(ratio[:4]), int.from_bytes(ratio[4:8])))
    return told


class _Bits:
    """Reads a NAL unit's payload bit by bit (H.264, 7.2 and 9.1)."""

    def __init__(self, payload: bytes):
        # Emulation prevention (7.3.1): a 3 after two zeros is none of the payload.
        plain = payload.replace(b"\0\0\3", b"\0\0")
        self._bits = "".join(f"{byte:08b}" for byte in plain)
        self._at = 0

    def take(self, count: int) -> int:
        """An unsigned number of so many bits. Raises ValueError past the end."""
        self._at += count
        return int(self._bits[self._at - count : self._at], 2)

    def code(self) -> int:
        """An exponential Golomb number, ue(v)."""
        zeros = self._bits.index("1", self._at) - self._at
        return self.take(2 * zeros + 1) - 1

    def passed(self, codes: int) -> None:
        """Pass over so many of these."""
        for _ in range(codes):
            self.code()


def _to_vui(bits: _Bits) -> bool:
    """Read a sequence parameter set up to its VUI (H.264, 7.3.2.1.1); False where it has none."""
    profile = bits.take(8)
    bits.take(16)
    bits.passed(1)
    if profile in _HIGH_PROFILES:
        if bits.code() == 3:
            bits.take(1)
        bits.passed(2)
        bits.take(1)
        if bits.take(1):
            raise ValueError("scaling matrices are not read: no encoder of ours writes them")
    bits.passed(1)
    if (order := bits.code()) == 0:
        bits.passed(1)
    elif order == 1:
        raise ValueError("picture order of kind 1 is not read: no encoder of ours writes it")
    bits.passed(1)
    bits.take(1)
    bits.passed(2)
    if not bits.take(1):
        bits.take(1)
    bits.take(1)
    if bits.take(1):
        bits.passed(4)
    return bool(bits.take(1))


def _of_coding(configuration: bytes) -> Tags:
    """By the VUI of the first sequence parameter set of an ``avcC`` (H.264, E.1.1)."""
    told: Tags = {"colour": None, "sample_aspect_ratio": None}
    length = int.from_bytes(configuration[6:8])
    bits = _Bits(configuration[9 : 8 + length])
    if length == 0 or not _to_vui(bits):
        return told
    if bits.take(1):
        kind = bits.take(8)
        if kind == _EXTENDED_SAR:
            told["sample_aspect_ratio"] = f"{bits.take(16)}/{bits.take(16)}"
        else:
            told["sample_aspect_ratio"] = "1" if kind == _SQUARE else f"of kind {kind}"
    if bits.take(1):
        bits.take(1)
    if bits.take(1):
        bits.take(3)
        full = bool(bits.take(1))
        if bits.take(1):
            told["colour"] = _colour(bits.take(8), bits.take(8), bits.take(8), full=full)
    return told


def title_tags(stream: VideoStream) -> dict[str, Tags]:
    """What the ``coding`` (MPEG-2) of a disc's title says, of which a picture was decoded; a program stream says
    nothing of it."""
    context = stream.codec_context
    points = context.color_primaries, context.color_trc, context.colorspace
    colour = _colour(*map(int, points), full=False)
    ratio = context.sample_aspect_ratio
    return {"coding": {"colour": colour, "sample_aspect_ratio": None if ratio is None else str(ratio)}}


def film_tags(file: Path) -> dict[str, Tags]:
    """What the ``container`` (MP4) and the ``coding`` (H.264) of a film's picture say. Raises OSError."""
    entry = _picture_entry(file)
    return {"container": _of_container(entry), "coding": _of_coding(entry.get(b"avcC", b""))}

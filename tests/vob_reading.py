"""What is in the blocks of a VOB: pictures with their codes, sound and subpictures, each decoded by FFmpeg.

Blocks are 2048-byte packs of an MPEG-2 program stream (ISO/IEC 13818-1); sub-streams of private stream 1 are numbered
as https://dvdnav.mplayerhq.hu/dvdinfo/ tells. Nothing of those who write discs is used.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.packet import Packet
from numpy.typing import NDArray

from examples.makers import read_frame_code

SECTOR = 2048
_VIDEO, _PRIVATE = 0xE0, 0xBD
_SUBPICTURES, _AC3 = 0x20, 0x80
_AC3_HEADER_BYTES = 3
"""Behind the sub-stream's number: frames that begin here, and where the first does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pes:
    """What one packet carries."""

    stream: int
    part: int
    """Sub-stream of private stream 1, or 0."""
    pts_ticks: int | None
    """90 kHz."""
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """A subpicture as it is drawn: its time from the first picture, and the box of what can be seen of it."""

    start_ticks: int
    end_ticks: int
    box: tuple[int, int, int, int]
    """Left, top, right, bottom, right and bottom exclusive."""


def _pts_in(header: bytes) -> int:
    """ISO/IEC 13818-1, 2.4.3.7: 33 bits, each group of them followed by a marker bit."""
    return (header[0] >> 1 & 7) << 30 | header[1] << 22 | (header[2] >> 1) << 15 | header[3] << 7 | header[4] >> 1


def pes_in(blocks: bytes) -> Iterator[Pes]:
    """The packets of picture, sound and subpictures, in order."""
    for start in range(0, len(blocks), SECTOR):
        pack = blocks[start : start + SECTOR]
        assert pack[:4] == b"\0\0\1\xba", f"block {start // SECTOR} is no pack"
        at = 14 + (pack[13] & 7)
        while at + 6 <= SECTOR and pack[at : at + 3] == b"\0\0\1":
            stream, end = pack[at + 3], at + 6 + int.from_bytes(pack[at + 4 : at + 6], "big")
            if stream in (_VIDEO, _PRIVATE):
                pts = _pts_in(pack[at + 9 : at + 14]) if pack[at + 7] & 0x80 else None
                body = pack[at + 9 + pack[at + 8] : end]
                part = body[0] if stream == _PRIVATE else 0
                yield Pes(stream=stream, part=part, pts_ticks=pts, payload=body[1:] if part else body)
            at = end


def pictures_in(blocks: bytes) -> Iterator[NDArray[np.uint8]]:
    """The luma of every picture, (height, width), in the order in which they are shown."""
    decoder = av.CodecContext.create("mpeg2video", "r")
    stream = b"".join(one.payload for one in pes_in(blocks) if one.stream == _VIDEO)
    for packet in [*decoder.parse(stream), *decoder.parse(b""), None]:
        for frame in decoder.decode(packet):
            plane = frame.planes[0]
            yield np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]


def codes_in(blocks: bytes) -> list[int | None]:
    """The frame code of every picture."""
    return [read_frame_code(luma) for luma in pictures_in(blocks)]


def first_code_in(blocks: bytes) -> int | None:
    """The frame code of the first picture."""
    return read_frame_code(next(pictures_in(blocks)))


def sound_in(blocks: bytes, stream: int = 0) -> NDArray[np.float32]:
    """The samples of an AC-3 stream, (channels, n)."""
    decoder = av.CodecContext.create("ac3", "r")
    coded = b"".join(
        one.payload[_AC3_HEADER_BYTES:]
        for one in pes_in(blocks)
        if one.stream == _PRIVATE and one.part == _AC3 + stream
    )
    packets = [*decoder.parse(coded), *decoder.parse(b""), None]
    return np.concatenate([frame.to_ndarray() for packet in packets for frame in decoder.decode(packet)], axis=1)


def main_hertz(samples: NDArray[np.float32], rate: int = 48_000) -> float:
    """The frequency of the strongest partial of the first channel."""
    spectrum = np.abs(np.fft.rfft(samples[0] * np.hanning(samples.shape[1])))
    return float(np.argmax(spectrum)) * rate / samples.shape[1]


def _units_in(blocks: bytes, stream: int) -> Iterator[tuple[int, bytes]]:
    """Time and bytes of every whole subpicture unit of a stream."""
    pts, unit = None, b""
    for one in pes_in(blocks):
        if one.stream != _PRIVATE or one.part != _SUBPICTURES + stream:
            continue
        pts, unit = (pts, unit + one.payload) if one.pts_ticks is None else (one.pts_ticks, one.payload)
        if pts is not None and len(unit) >= max(2, int.from_bytes(unit[:2], "big")):
            yield pts, unit


def captions_in(blocks: bytes, stream: int) -> list[Caption]:
    """Every caption of a subpicture stream, as FFmpeg's decoder draws it, from the first picture's time on."""
    first = min(one.pts_ticks for one in pes_in(blocks) if one.stream == _VIDEO and one.pts_ticks is not None)
    found = []
    for pts, unit in _units_in(blocks, stream):
        decoder = av.CodecContext.create("dvdsub", "r")
        shown = decoder.decode2(Packet(unit))
        assert shown is not None, "a subpicture unit cannot be decoded"
        for rect in shown.rects:
            start, end = (pts - first + round(at * 90) for at in (shown.start_display_time, shown.end_display_time))
            box = (rect.x, rect.y, rect.x + rect.width, rect.y + rect.height)
            found.append(Caption(start_ticks=start, end_ticks=end, box=box))
    return found

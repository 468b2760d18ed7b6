"""What one stream of a film file is: its place among the others, its decoder, its colours, the way it is turned."""

import struct
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from math import atan2, degrees
from typing import Literal

from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.codec.context import CodecContext
from av.container import InputContainer
from av.error import EOFError as EndOfStream
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from crowdcut.media import Colour

# ITU-T H.273 code points in FFmpeg's names; 2 is "unspecified" and stands in no table.
PRIMARIES = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020", 10: "smpte428",
    11: "smpte431", 12: "smpte432", 22: "ebu3213",
}  # fmt: skip
TRANSFERS = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "linear", 9: "log100", 10: "log316",
    11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084",
    17: "smpte428", 18: "arib-std-b67",
}  # fmt: skip
MATRICES = {
    0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco", 9: "bt2020nc",
    10: "bt2020c", 11: "smpte2085", 12: "chroma-derived-nc", 13: "chroma-derived-c", 14: "ictcp", 15: "ipt-c2",
}  # fmt: skip
_RANGES = {1: False, 2: True}

_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""FFmpeg's own decoders of these drop the alpha."""
_READING_ERRORS_MAX = 100
_COVER_CODECS = frozenset({"mjpeg", "png", "bmp", "gif", "webp", "tiff"})

Frame = VideoFrame | AudioFrame


def is_cover(stream: Stream) -> bool:
    """Whether a video stream is a picture *of* the file (cover, thumbnails), not its moving picture."""
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


def is_decodable(stream: Stream) -> bool:
    """Whether there is a decoder for the stream. PyAV gives None where its type promises a context."""
    return stream.codec_context is not None


def may_be_cover(stream: Stream) -> bool:
    """Whether a video stream that holds a single picture would be a cover rather than a film."""
    return is_decodable(stream) and stream.codec_context.name in _COVER_CODECS


def has_hidden_alpha(stream: Stream) -> bool:
    """Whether a VP8 or VP9 stream carries its alpha beside the picture, as WebM does."""
    tags = {key.lower(): value for key, value in stream.metadata.items()}
    return tags.get("alpha_mode") == "1" and stream.codec_context.name in _ALPHA_DECODERS


def decoder_for(stream: Stream) -> VideoCodecContext | AudioCodecContext:
    """The decoder to use for ``stream``: its own, or one that keeps the alpha."""
    own = stream.codec_context
    assert isinstance(own, VideoCodecContext | AudioCodecContext)
    if stream.type != "video" or not has_hidden_alpha(stream):
        return own
    decoder = CodecContext.create(_ALPHA_DECODERS[own.name], "r")
    assert isinstance(decoder, VideoCodecContext)
    decoder.extradata = own.extradata
    return decoder


def packets(
    container: InputContainer, streams: Sequence[Stream], on_end: Callable[[], object] | None = None
) -> Iterator[Packet]:
    """From where ``container`` stands, all packets that hold something; a reading error loses no more than its packet.

    streams : at least one; PyAV takes none for all.
    on_end : is told where there is more, and none of it can be read.
    """
    for _ in range(_READING_ERRORS_MAX):
        try:
            yield from (packet for packet in container.demux(*streams) if packet.size)
            return
        except FFmpegError:
            continue
    if on_end is not None:
        on_end()


def decoded(
    container: InputContainer, stream: Stream, on_end: Callable[[], object] | None = None
) -> Iterator[Sequence[Frame] | None]:
    """For each packet from where ``container`` stands, what it decodes to; None for a packet that is damaged.

    on_end : as in :func:`packets`.
    """
    decoder = decoder_for(stream)
    for packet in chain(packets(container, [stream], on_end), [None]):
        try:
            yield decoder.decode(packet)
        except EndOfStream:
            return
        except FFmpegError:
            yield None


def is_hidden(codec: str, data: bytes) -> bool:
    """Whether a VP8 or VP9 packet holds a picture that is never shown (an alternate reference).

    codec : FFmpeg's name of the decoder.
    data : the packet's first and last bytes matter.
    """
    if not data:
        return False
    if codec in ("vp8", "libvpx"):
        return not data[0] & 0x10  # RFC 6386, 9.1: show_frame
    if codec in ("vp9", "libvpx-vp9"):
        if data[-1] & 0xE0 == 0xC0:
            return False  # a superframe, made so that one of its pictures is shown
        bits = f"{data[0]:08b}"
        header = 5 if bits[2:4] == "11" else 4  # profile 3 has a reserved bit more
        return bits[header] == "0" and bits[header + 2] == "0"  # show_existing_frame, frame_type, show_frame
    return False


def repeats_field(header: bytes) -> bool:
    """Whether a picture of MPEG-2 asks to be shown for a third field (ISO/IEC 13818-2, 6.3.10: repeat_first_field).

    header : a packet's first bytes.
    """
    place = header.find(b"\0\0\1\xb5")
    while place >= 0 and header[place + 4 : place + 5] and header[place + 4] >> 4 != 8:
        place = header.find(b"\0\0\1\xb5", place + 4)
    return place >= 0 and len(header) > place + 7 and bool(header[place + 7] & 0x02)


def colour_of(frame: VideoFrame) -> Colour:
    """The colour tags of a decoded picture."""
    name = frame.format.name
    matrix = "gbr" if frame.format.is_rgb or frame.format.has_palette else MATRICES.get(frame.colorspace)
    return Colour(
        primaries=PRIMARIES.get(frame.color_primaries),
        transfer=TRANSFERS.get(frame.color_trc),
        matrix=matrix,
        full_range=True if name.startswith("yuvj") or matrix == "gbr" else _RANGES.get(frame.color_range),
    )


def turn_from_matrix(matrix: tuple[int, ...]) -> tuple[int, bool, bool]:
    """A display matrix (nine numbers, 16.16) as degrees clockwise, flip before the turn, and whether that is all of it.

    Turns that are no multiple of 90 degrees are rounded to one.
    """
    a, b, _, c, d = matrix[:5]
    mirrored = a * d - b * c < 0
    angle = degrees(atan2(-b, -a) if mirrored else atan2(b, a))
    turn = round(angle / 90) * 90
    return turn % 360, mirrored, abs(angle - turn) < 1


def turn_of(frame: VideoFrame) -> tuple[int, bool, bool]:
    """How a decoded picture is to be turned; see :func:`turn_from_matrix`."""
    try:
        data = frame.side_data.get("DISPLAYMATRIX")  # type: ignore[call-overload]
    except ValueError:
        # PyAV knows not every kind of side data and then shows none of it, except the angle (counter-clockwise).
        turn = round(-frame.rotation / 90) * 90
        return turn % 360, False, turn == -frame.rotation
    return turn_from_matrix(struct.unpack("=9i", bytes(data)[:36])) if data is not None else (0, False, True)


def field_order(decoder_order: int, frame: VideoFrame) -> Literal["tff", "bff"] | None:
    """``tff`` or ``bff`` of an interlaced picture, None of a progressive one.

    decoder_order : FFmpeg's AVFieldOrder, which names the field that is coded and shown first in its first letter.
    """
    if not frame.interlaced_frame:
        return None
    return "bff" if decoder_order in (3, 5) else "tff"


def sample_aspect_ratio(stream: Stream) -> Fraction:
    """Width of a stored pixel divided by its height: the container's word before the codec's; 1 if neither is sane."""
    ratio = getattr(stream, "sample_aspect_ratio", None)
    return ratio if ratio is not None and Fraction(1, 8) <= ratio <= 8 else Fraction(1)

"""Composed frames to a closed-GOP piece, and the proof that the piece holds what it was given."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from math import log10
from pathlib import Path
from types import TracebackType

import av
import cv2
import numpy as np
from av import Packet, VideoFrame
from av.container import OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream
from numpy.typing import NDArray

from crowdcut.disc.standards import STANDARDS
from crowdcut.findings import Finding, JobFailed
from crowdcut.orders import PictureEncoding, Raster
from renderers.composing.compose import Canvas
from renderers.composing.squeeze import Squeeze
from renderers.disc.coding import dvd_options, set_up_dvd, squared_error
from renderers.disc.mpeg_video import without_place
from renderers.patch import Plane, plane_of

BT709, LIMITED = 1, 1
"""H.273 code points; FFmpeg's AVCOL_*_BT709 and AVCOL_RANGE_MPEG."""

_FINGERPRINT = (16, 9)
"""Columns and rows of luma means."""
_FINGERPRINT_LIMIT = 6.0
"""Mean difference in codes that coding at crf 28 never reached on noise; a wrong frame is far above."""


def packet_digest(packet: Packet) -> str:
    """A packet's bytes in 16 hexadecimal digits (BLAKE2b, 64 bit); of MPEG-2 without what a join writes into it."""
    coded = bytes(packet)
    if packet.stream.codec_context is not None and packet.stream.codec_context.name == "mpeg2video":
        coded = without_place(coded)
    return hashlib.blake2b(coded, digest_size=8).hexdigest()


def fingerprint(luma: Plane) -> NDArray[np.uint8]:
    """A frame in small. [shape=(9, 16)] luma means."""
    return cv2.resize(luma, _FINGERPRINT, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _x264_params(encoding: PictureEncoding) -> str:
    # cpu-independent: the same bytes with AVX2 and AVX-512. Closed GOPs, so that pieces can be joined anywhere.
    return f"cpu-independent=1:open-gop=0:keyint={encoding.gop_frames}:stitchable=1"


def tag_bt709(context: VideoCodecContext) -> None:
    """Have the stream say what it is: BT.709, limited range."""
    context.color_primaries = context.color_trc = context.colorspace = BT709
    context.color_range = LIMITED


_CONTAINERS = {"libx264": ("mp4", {"movie_timescale": "240000"}), "mpeg2video": ("mpeg2video", {})}
"""What a piece is kept in, by codec, and how that is written. MPEG-2 needs none: the join times its pictures."""


class PieceWriter:
    """Encodes canvases, one after another, to a piece."""

    def __init__(self, out: Path, raster: Raster, encoding: PictureEncoding):
        container, settings = _CONTAINERS[encoding.codec]
        self._container: OutputContainer = av.open(str(out), "w", format=container, options=settings)
        options = dict(encoding.options)
        if encoding.codec == "libx264":
            options["x264-params"] = _x264_params(encoding)
        standard = STANDARDS[encoding.disc] if encoding.disc is not None else None
        if standard is not None:
            options |= dvd_options(encoding)
        stream = self._container.add_stream(encoding.codec, rate=raster.rate, options=options)
        assert isinstance(stream, VideoStream)
        self._stream = stream
        context = stream.codec_context
        stored = standard or raster
        context.width, context.height, context.pix_fmt = stored.width, stored.height, encoding.pixel_format
        context.thread_count = 1  # x264's lookahead depends on the number of threads, and so do its bytes
        context.time_base = 1 / raster.rate
        context.sample_aspect_ratio = Fraction(1)
        tag_bt709(context)
        self._squeeze = None
        if standard is not None:
            set_up_dvd(context, standard)
            self._squeeze = Squeeze(raster, standard)
        self._count = 0
        self._squared_error = 0

    def _keep(self, packets: list[Packet]) -> None:
        self._squared_error += sum(map(squared_error, packets))
        self._container.mux(packets)

    @property
    def psnr_db(self) -> float | None:
        """How near the luma of all coded pictures is to what the encoder was given; None where it is the same, or where
        the encoder does not tell. To be asked after the last picture."""
        context = self._stream.codec_context
        if not self._squared_error:
            return None
        pixels = self._count * context.width * context.height
        return round(10 * log10(255**2 * pixels / self._squared_error), 2)

    def write(self, canvas: Canvas) -> Plane:
        """Encode one frame; the canvas may be drawn over afterwards. The luma that the encoder was given."""
        block = canvas.block if self._squeeze is None else self._squeeze.block(canvas)
        frame = VideoFrame.from_numpy_buffer(block, format="yuv420p")
        frame.pts = self._count
        frame.color_range, frame.colorspace = LIMITED, self._stream.codec_context.colorspace
        self._count += 1
        self._keep(self._stream.encode(frame))
        return block[: frame.height]

    def __enter__(self) -> "PieceWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        if kind is None:
            self._keep(self._stream.encode(None))
        self._container.close()


def _mismatch(found: str) -> JobFailed:
    way_out = "Build again; if it comes back, this machine's memory or codec is at fault."
    return JobFailed(Finding(rule="piece-proof", owner="machine", found=found, way_out=way_out))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A piece, as it was decoded."""

    packets: list[str]
    """Digests, in decoding order."""
    packet_bits: list[int]


def prove(
    piece: Path, encoding: PictureEncoding, *, frames: int, first: NDArray[np.uint8], last: NDArray[np.uint8]
) -> Proof:
    """Decode a finished piece and hold it against what the encoder was given.

    first, last : fingerprints of its first and last picture. Raises JobFailed where it differs.
    """
    found: list[NDArray[np.uint8]] = []
    count, packets, bits = 0, [], []
    form = {"mpeg2video": "mpegvideo"}.get(encoding.codec)
    with av.open(str(piece), "r", format=form) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for packet in container.demux(stream):
            if packet.size:
                packets.append(packet_digest(packet))
                bits.append(8 * packet.size)
            for frame in packet.decode():
                count += 1
                if count in (1, frames):
                    found.append(fingerprint(plane_of(frame, 0)))
    if count != frames or len(packets) != frames:
        raise _mismatch(f"a piece of {frames} frames reads back with {count}, in {len(packets)} packets")
    for which, given, seen in (("first", first, found[0]), ("last", last, found[-1])):
        distance = float(np.abs(given.astype(np.int16) - seen).mean())
        if distance > _FINGERPRINT_LIMIT:
            raise _mismatch(f"a piece's {which} frame differs by {distance:.1f} codes from what was encoded")
    return Proof(packets=packets, packet_bits=bits)

"""Long titles made quickly: a second of pictures and a block of sound are coded once, and muxed again and again."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import PictureType
from av.video.stream import VideoStream

from examples.makers import tone

RATE = Fraction(30_000, 1001)
_GOP_FRAMES = 15
_ROUND_FRAMES = 2 * _GOP_FRAMES
_WIDTH, _LINES = 720, 480
_BIT_RATE = 5_600_000
"""Asked of the encoder, which uses 4.8 Mb/s for these pictures."""
_BLOCK, _SAMPLES = 1536, 48_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coded:
    """A packet, and its times in frames from the round's start."""

    data: bytes
    pts: int
    dts: int
    is_keyframe: bool


def _prepared(container: OutputContainer) -> VideoStream:
    stream = container.add_stream("mpeg2video", rate=RATE)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height, stream.pix_fmt = _WIDTH, _LINES, "yuv420p"
    context = stream.codec_context
    context.gop_size, context.max_b_frames, context.bit_rate, context.thread_count = _GOP_FRAMES + 3, 2, _BIT_RATE, 1
    context.sample_aspect_ratio = Fraction(32, 27)
    context.options = {"flags": "+cgop", "sc_threshold": "1000000000", "maxrate": "8M", "bufsize": "1835008"}
    return stream


def _pictures(stream: VideoStream) -> list[_Coded]:
    """A round of two closed groups: the second that is coded, when the rate has settled."""
    noise = np.random.default_rng(1).integers(0, 255, (_LINES * 3 // 2, _WIDTH)).astype(np.uint8)
    ground = np.asarray(cv2.GaussianBlur(noise, (0, 0), 0.7), np.uint8)
    packets: list[Packet] = []
    for number in range(2 * _ROUND_FRAMES):
        planes = ground.copy()
        planes[:_LINES] = np.roll(planes[:_LINES], 3 * number, axis=1)
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.time_base = number, 1 / RATE
        if number % _GOP_FRAMES == 0:
            frame.pict_type = PictureType.I
        packets += stream.encode(frame)
    packets += stream.encode(None)
    return [
        _Coded(data=bytes(one), pts=one.pts - _ROUND_FRAMES, dts=one.dts - _ROUND_FRAMES, is_keyframe=one.is_keyframe)
        for one in packets
        if one.pts is not None and one.dts is not None and one.pts >= _ROUND_FRAMES
    ]


def _sound(stream: AudioStream) -> bytes:
    """A block of a tone."""
    samples = tone(seconds=1, peak_dbfs=-12)
    packets: list[Packet] = []
    for start in range(0, 20 * _BLOCK, _BLOCK):
        part = np.ascontiguousarray(samples[start : start + _BLOCK].T)
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = _SAMPLES, start, Fraction(1, _SAMPLES)
        packets += stream.encode(frame)
    return bytes(packets[10])


def made_title(path: Path, minutes: int) -> Path:
    """A program stream of so many minutes, its navigation packs empty. There already: taken as it is."""
    if path.is_file():
        return path
    part = path.with_suffix(".part")
    with av.open(str(part), "w", format="dvd") as container:
        video = _prepared(container)
        heard = container.add_stream("ac3", rate=_SAMPLES, layout="stereo")
        assert isinstance(heard, AudioStream)
        heard.bit_rate = 192_000
        pictures, sound, blocks = _pictures(video), _sound(heard), 0
        for first in range(0, int(minutes * 60 * RATE), _ROUND_FRAMES):
            for one in pictures:
                while blocks * _BLOCK * RATE < (first + one.dts + 1) * _SAMPLES:
                    block = Packet(sound)
                    block.stream, block.time_base, block.pts = heard, Fraction(1, _SAMPLES), blocks * _BLOCK
                    block.dts, block.is_keyframe = block.pts, True
                    container.mux(block)
                    blocks += 1
                packet = Packet(one.data)
                packet.stream, packet.time_base, packet.is_keyframe = video, 1 / RATE, one.is_keyframe
                packet.pts, packet.dts = first + one.pts, first + one.dts
                container.mux(packet)
    return part.rename(path)

"""Clips with known contents: any size, rate, codec and container, turned, squeezed, interlaced or of uneven rate."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import numpy as np
from av.codec.context import Flags
from av.container import OutputContainer
from av.filter import Graph
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from numpy.typing import NDArray

from examples.makers.charts import coded_picture
from examples.makers.sounds import BIT_EXACT, Samples, encode_sound, sound_stream

Picture = Callable[[int], NDArray[np.uint8]]
"""From a frame's number to (height, width, 3) R'G'B' or (height, width, 4) R'G'B'A, uint8, alpha not shown."""
FieldOrder = Literal["tff", "bff"]

QUICK = {
    "libx264": {"preset": "veryfast", "crf": "20"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=error"},
    "libvpx": {"deadline": "realtime", "cpu-used": "-8", "crf": "14", "b": "3M"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "crf": "28", "b": "0", "row-mt": "0"},
    "libsvtav1": {"preset": "12"},
}
"""Options that make each encoder quick, where others are not asked for. (VP8's speed is negative because a positive
one follows the clock, and then the bytes do.)"""
SOUND_CODECS = {".webm": "libopus", ".avi": "pcm_s16le", ".mpg": "mp2"}
"""Sound codec of a clip by its ending; all others carry AAC."""
_CODES = {"bt709": (1, Colorspace.ITU709), "bt601": (6, Colorspace.SMPTE170M)}
"""H.273 code point for primaries, transfer and matrix, and swscale's name."""


def _woven(picture: Picture, order: FieldOrder) -> Picture:
    """Frames of two fields: field n of the clip shows ``picture(n)``, so motion runs at twice the frame rate."""

    def frame(number: int) -> NDArray[np.uint8]:
        first, second = picture(2 * number), picture(2 * number + 1)
        top, bottom = (first, second) if order == "tff" else (second, first)
        woven = top.copy()
        woven[1::2] = bottom[1::2]
        return woven

    return frame


def _field_tagger(stream: VideoStream, order: FieldOrder) -> Graph:
    """A graph that marks frames as interlaced: PyAV has no setter for a frame's own flag."""
    graph = Graph()
    size = {"width": stream.width, "height": stream.height, "format": stream.pix_fmt}
    graph.link_nodes(
        graph.add_buffer(**size, time_base=stream.codec_context.time_base),
        graph.add("setfield", order),
        graph.add("buffersink"),
    ).configure()
    return graph


def _frames(
    picture: Picture, stream: VideoStream, ticks: Sequence[int], matrix: str, interlaced: FieldOrder | None
) -> Iterator[av.VideoFrame]:
    tagger = _field_tagger(stream, interlaced) if interlaced else None
    full = (stream.pix_fmt or "").startswith("yuvj")
    for number, tick in enumerate(ticks):
        drawn = np.ascontiguousarray(picture(number))
        raw = av.VideoFrame.from_numpy_buffer(drawn, format="rgb24" if drawn.shape[2] == 3 else "rgba")
        frame = raw.reformat(
            format=stream.pix_fmt,
            dst_colorspace=_CODES[matrix][1],
            dst_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
        )
        frame.pts, frame.time_base = tick, stream.codec_context.time_base
        if tagger:
            tagger.vpush(frame)
            frame = tagger.vpull()
        yield frame


def _encoder_options(codec: str, asked: Mapping[str, str], order: FieldOrder | None) -> dict[str, str]:
    """What was asked, the field order, and what makes x264 give the same bytes twice.

    Tried: of 12 encodings of the same frames on one thread of one machine, one differs without ``cpu-independent``.
    """
    told, params = dict(asked), [asked.get("x264-params", ""), "cpu-independent=1"]
    if order:
        told["field_order"] = {"tff": "tt", "bff": "bb"}[order]
        params.append(f"{order}=1")
    if codec == "libx264":
        told["x264-params"] = ":".join(filter(None, params))
    return told


def _stream_for(container: OutputContainer, codec: str, rate: Fraction) -> VideoStream:
    stream = container.add_stream(codec, rate=rate)
    if not isinstance(stream, VideoStream):
        raise TypeError(f"{codec} is not a video codec")
    return stream


def write_clip(
    path: Path,
    *,
    width: int = 320,
    height: int = 180,
    rate: Fraction = Fraction(25),
    frames: int = 25,
    picture: Picture | None = None,
    sound: Samples | None = None,
    sound_rate: int = 48_000,
    sound_codec: str | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    options: Mapping[str, str] | None = None,
    container_options: Mapping[str, str] | None = None,
    gop_frames: int = 48,
    matrix: Literal["bt709", "bt601"] | None = "bt709",
    sar: Fraction = Fraction(1),
    rotation: int = 0,
    interlaced: FieldOrder | None = None,
    hold_ticks: Sequence[int] | None = None,
    ticks_a_second: int | None = None,
) -> Path:
    """Write a clip; the container follows the ending (mp4, mov, webm, avi, mkv, mpg).

    ``picture`` draws the *stored* frames (default: the coded chart, from code 0). ``rotation`` is the display matrix,
    degrees clockwise (0, 90, 180, 270). ``interlaced`` weaves ``picture(2n)`` and ``picture(2n + 1)`` into frame n.
    ``hold_ticks`` makes the rate uneven: ticks of ``ticks_a_second`` for which successive frames are held, repeated as
    long as there are frames; otherwise a tick is one frame. ``matrix`` None leaves the clip without colour tags.
    """
    picture = picture or coded_picture(width, height)
    holds = [(hold_ticks or [1])[number % len(hold_ticks or [1])] for number in range(frames)]
    ticks = np.cumsum([0, *holds[:-1]]).tolist()
    with av.open(str(path), "w", options={**BIT_EXACT, **(container_options or {})}) as container:
        stream = _stream_for(container, codec, rate)
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        context = stream.codec_context
        context.options = _encoder_options(codec, QUICK.get(codec, {}) if options is None else options, interlaced)
        context.gop_size, context.sample_aspect_ratio = gop_frames, sar
        context.time_base = Fraction(1, ticks_a_second) if ticks_a_second else 1 / rate
        context.thread_count = 1  # the same bytes on any number of cores
        if matrix:
            context.color_primaries = context.color_trc = context.colorspace = _CODES[matrix][0]
            context.color_range = ColorRange.JPEG if pix_fmt.startswith("yuvj") else ColorRange.MPEG
        if interlaced:
            context.flags |= Flags.interlaced_dct
            picture = _woven(picture, interlaced)
        if rotation:
            stream.set_display_rotation(-rotation)  # FFmpeg counts counter-clockwise
        voice = None
        if sound is not None:
            wanted = sound_codec or SOUND_CODECS.get(path.suffix, "aac")
            voice = sound_stream(container, wanted, rate=sound_rate, channels=sound.shape[1])
        for frame in _frames(picture, stream, ticks, matrix or "bt709", interlaced):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if voice is not None and sound is not None:
            encode_sound(container, voice, sound)
    return path

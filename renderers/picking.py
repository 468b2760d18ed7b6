"""Frames of a contributed video by source time: decoded from a place that is known to be right, one after another."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
from av import VideoFrame
from av.codec.context import CodecContext
from av.container import InputContainer
from av.video.stream import VideoStream

from crowdcut.media import Picture
from crowdcut.sampling import last_tick_at, tick_length
from renderers.door import broken, opened
from renderers.filtering import graph_of

# libavcodec's own VP8 and VP9 decoders drop the alpha plane.
_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}

_BACK_OFFS = (Fraction(0), Fraction(1), Fraction(3), Fraction(10))
"""Seconds before the wanted time that are tried until a seek lands at or before it."""

_UNINDEXED = frozenset({"mpegts", "mpeg", "mpegvideo", "flv", "h264", "hevc", "avi", "asf"})
"""Formats that land late or on pictures whose references are missing: two more seconds are decoded before."""
_SETTLING = Fraction(2)

_FRAMES_FROM_START = 48
"""Pictures that are decoded from the beginning rather than sought: quick, and right in every file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """The frame on screen at one moment."""

    frame: VideoFrame
    tick: int
    """Its timestamp, in the picture's time base (or its number, where pictures are counted)."""
    next_tick: int | None
    """The timestamp of the one after; None: it is the last."""


def _decoder(stream: VideoStream, picture: Picture) -> CodecContext:
    stream.codec_context.thread_count = 1
    name = _ALPHA_DECODERS.get(picture.codec)
    if not picture.alpha or name is None:
        return stream.codec_context
    context = CodecContext.create(name, "r")
    context.extradata = stream.codec_context.extradata
    context.thread_count = 1
    return context


def _decoded(container: InputContainer, stream: VideoStream, decoder: CodecContext) -> Iterator[VideoFrame]:
    """All frames from here on. A packet that cannot be decoded is passed over: a gap shows in the timestamps."""
    for packet in container.demux(stream):
        try:
            # An empty packet ends the stream; a decoder of our own is told so by None.
            frames = decoder.decode(packet if packet.size or decoder is stream.codec_context else None)
        except av.FFmpegError:
            continue
        yield from frames  # type: ignore[misc]


def _timed(frames: Iterator[VideoFrame]) -> Iterator[tuple[int, VideoFrame]]:
    last: int | None = None
    for frame in frames:
        if frame.pts is not None and (last is None or frame.pts > last):
            last = frame.pts
            yield frame.pts, frame


def _seeking_pays(picture: Picture, wanted: int) -> bool:
    """Whether ``wanted`` lies so far in that decoding from the beginning would cost more than a seek is worth."""
    if picture.count_frames or (picture.alpha and picture.codec in _ALPHA_DECODERS):
        return False
    from_start = wanted * tick_length(picture) - picture.start
    return from_start * (picture.rate or 25) > _FRAMES_FROM_START


def _sought(
    container: InputContainer, stream: VideoStream, picture: Picture, wanted: int
) -> Iterator[tuple[int, VideoFrame]] | None:
    """Frames with their ticks from one at or before ``wanted`` on; None where no seek lands there."""
    decoder = _decoder(stream, picture)
    # Some demuxers seek wrong until they have seen a picture.
    next(_decoded(container, stream, decoder), None)
    settling = _SETTLING if _UNINDEXED.intersection(container.format.name.split(",")) else Fraction(0)
    for back in _BACK_OFFS:
        target = wanted - int((back + settling) / tick_length(picture))
        try:
            container.seek(target, stream=stream, backward=True)
        except av.FFmpegError:
            return None
        frames = _timed(_decoded(container, stream, decoder))
        first = next(frames, None)
        if first is not None and first[0] <= target:
            return chain((first,), frames)
    return None


def _deinterlaced(
    frames: Iterator[tuple[int, VideoFrame]], picture: Picture
) -> Iterator[tuple[int, VideoFrame]]:
    """One progressive frame for each interlaced one (bwdif looks a frame ahead and one back)."""
    graph, ticks = None, []
    for tick, frame in frames:
        if graph is None:
            parity = "tff" if picture.interlaced == "tff" else "bff"
            arguments = f"mode=send_frame:parity={parity}:deint=all"
            graph = graph_of(frame, tick_length(picture), [("bwdif", arguments)])
        ticks.append(tick)
        graph.vpush(frame)
        yield from _pulled(graph, ticks)
    if graph is not None:
        graph.vpush(None)
        yield from _pulled(graph, ticks)


def _pulled(graph: av.filter.Graph, ticks: list[int]) -> Iterator[tuple[int, VideoFrame]]:
    while ticks:
        try:
            frame = graph.vpull()
        except (av.BlockingIOError, av.EOFError):
            return
        yield ticks.pop(0), frame


def _picture_stream(container: InputContainer, path: Path, picture: Picture) -> VideoStream:
    stream = container.streams[picture.stream or 0]
    if not isinstance(stream, VideoStream):
        raise broken(path, "its picture stream is not where it was")
    return stream


def _frames_from(path: Path, picture: Picture, wanted: int) -> Iterator[tuple[int, VideoFrame]]:
    """Frames with their ticks, from one at or before ``wanted`` on (or from the first)."""
    if _seeking_pays(picture, wanted):
        with opened(path) as container:
            frames = _sought(container, _picture_stream(container, path, picture), picture, wanted)
            if frames is not None:
                yield from frames
                return
    with opened(path) as container:
        stream = _picture_stream(container, path, picture)
        frames = _decoded(container, stream, _decoder(stream, picture))
        yield from enumerate(frames) if picture.count_frames else _timed(frames)


def _gap_max(picture: Picture) -> int:
    """Ticks that the last picture may stay on screen: half a second, or ten pictures."""
    shown = 1 / picture.rate if picture.rate else Fraction(0)
    return int(max(Fraction(1, 2), 10 * shown) / tick_length(picture))


def picked_frames(path: Path, picture: Picture, source_times: list[Fraction]) -> Iterator[Picked]:
    """The frame on screen at each source time (rising, seconds): what a player shows there.

    Raises JobFailed when the file breaks off before the last of them.
    """
    wanted = [last_tick_at(picture, moment) for moment in source_times]
    found = _frames_from(path, picture, wanted[0])
    with closing(_deinterlaced(found, picture) if picture.interlaced else found) as frames:
        current = next(frames, None)
        following = next(frames, None)
        for moment, limit in zip(source_times, wanted, strict=True):
            while following is not None and following[0] <= limit:
                current, following = following, next(frames, None)
            if current is None:
                raise broken(path, "no picture of it can be decoded", rule="broken-clip")
            if following is None and limit > current[0] + _gap_max(picture):
                length = tick_length(picture)
                end = float(current[0] * length - (0 if picture.count_frames else picture.start))
                found = f"its pictures break off at {end:.2f} s, before {float(moment):.2f} s"
                raise broken(path, found, rule="broken-clip")
            yield Picked(frame=current[1], tick=current[0], next_tick=following[0] if following else None)

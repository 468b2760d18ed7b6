"""The master: pieces and sound joined by packet copy, with chapters and tags. No picture is decoded or encoded."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av import Packet
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from crowdcut.findings import Finding, JobFailed
from crowdcut.orders import MasterOrder
from renderers.composing.encode import tag_bt709
from renderers.files.door import undecoded
from renderers.job import Input
from renderers.sound.kept import kept_packets, kept_stream

_REORDER_FRAMES = 2
"""Frames that x264 delays its output with a pyramid of B-frames: dts lags by this many."""


def _picture_packets(pieces: list[Path], order: MasterOrder, stream: VideoStream) -> Iterator[Packet]:
    """Every packet of every piece, in order, with timestamps of the whole programme.

    A piece's own dts fail at joints (pieces of one or two frames carry no delay), so they are written anew.
    """
    base = 0
    parameters: bytes | None = None
    for piece, frames in zip(pieces, order.piece_frames, strict=True):
        with undecoded(piece) as container:
            source = container.streams.video[0]
            extradata = bytes(source.codec_context.extradata or b"")
            parameters = parameters or extradata
            if extradata != parameters:
                found = f"{piece.name} was coded with other parameter sets than the pieces before it"
                raise JobFailed(
                    Finding(rule="join", owner="machine", found=found, way_out="Clear the store and build.")
                )
            packets = [packet for packet in container.demux(source) if packet.size]
            ranks = {pts: rank for rank, pts in enumerate(sorted(packet.pts or 0 for packet in packets))}
            for number, packet in enumerate(packets):
                packet.pts, packet.dts = base + ranks[packet.pts or 0], base + number - _REORDER_FRAMES
                packet.duration, packet.time_base = 1, 1 / order.raster.rate
                packet.stream = stream
                yield packet
        base += frames


def _sound_packets(path: Path, stream: AudioStream) -> Iterator[Packet]:
    for packet in kept_packets(path):
        packet.stream = stream
        yield packet


def _interleaved(picture: Iterator[Packet], sound: Iterator[Packet]) -> Iterator[Packet]:
    """Both streams by time, so that the file plays while it loads."""
    heard = next(sound, None)
    for packet in picture:
        moment = (packet.dts or 0) * (packet.time_base or Fraction(1))
        while heard is not None and (heard.dts or 0) * (heard.time_base or Fraction(1)) <= moment:
            yield heard
            heard = next(sound, None)
        yield packet
    if heard is not None:
        yield heard
        yield from sound


def _chapters(order: MasterOrder) -> list[dict[str, Any]]:
    """Chapters from their first frame to the next one's, in programme frames."""
    ends = [chapter.start_frame for chapter in order.chapters[1:]] + [sum(order.piece_frames)]
    return [
        {
            "id": number,
            "start": chapter.start_frame,
            "end": end,
            "time_base": 1 / order.raster.rate,
            "metadata": {"title": chapter.title},
        }
        for number, (chapter, end) in enumerate(zip(order.chapters, ends, strict=True), 1)
    ]


def _picture_stream(container: OutputContainer, order: MasterOrder, first_piece: Path) -> VideoStream:
    with av.open(str(first_piece), "r") as piece:
        stream = container.add_stream_from_template(piece.streams.video[0], opaque=False)
    stream.time_base = 1 / order.raster.rate
    tag_bt709(stream.codec_context)
    return stream  # type: ignore[return-value]


def run(order: MasterOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Join the inputs ``piece0``, ``piece1``... and ``sound`` to the film ``out``. Facts: ``frames``.

    Raises JobFailed when pieces do not belong together.
    """
    names = [f"piece{number}" for number in range(len(order.piece_frames))]
    pieces = [path for name in names if (path := inputs[name].path) is not None]
    sound = inputs["sound"].path
    assert sound is not None
    options = {"movflags": "+faststart", "movie_timescale": "240000"}
    with av.open(str(out), "w", format="mp4", options=options) as container:
        picture_stream = _picture_stream(container, order, pieces[0])
        sound_stream = kept_stream(container, sound)
        container.metadata["title"] = order.title
        container.set_chapters(_chapters(order))  # type: ignore[arg-type]
        packets = _picture_packets(pieces, order, picture_stream)
        for packet in _interleaved(packets, _sound_packets(sound, sound_stream)):
            container.mux(packet)
    return {"frames": sum(order.piece_frames)}

"""A title of a disc: pieces and sound joined to a program stream by packet copy. No picture is decoded or encoded."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
from av import Packet
from av.container import OutputContainer
from av.video.stream import VideoStream

from crowdcut.disc.cadence import Cadence, cadence_for
from crowdcut.disc.standards import CLOCK, MUX_BITS_MAX, STANDARDS
from crowdcut.disc.vobus import begins_unit
from crowdcut.orders import TitleOrder
from crowdcut.timing import SAMPLE_RATE
from renderers.disc.mpeg_video import headers_of, placed, temporal_reference
from renderers.disc.units import units_of
from renderers.files.door import undecoded
from renderers.job import Input
from renderers.sound.kept import kept_packets, kept_stream

_TICK = Fraction(1, CLOCK)
# What the muxer would otherwise make of its own date and version.
_OPTIONS = {"muxrate": str(MUX_BITS_MAX), "packetsize": "2048", "preload": "500000", "fflags": "+bitexact"}


@dataclass(frozen=True, slots=True)
class _Picture:
    """A coded picture and its place in the programme."""

    coded: bytes
    frame: int
    """Its number in the programme, as shown."""
    group_frame: int
    """That of the first picture shown of its group."""
    begins_group: bool


def _pictures(pieces: Iterable[tuple[Path, int]]) -> Iterator[_Picture]:
    """Every picture of every piece, in decoding order. pieces : each with its frames."""
    base = 0
    for piece, frames in pieces:
        with undecoded(piece, "mpegvideo") as container:
            group = base
            for number, packet in enumerate(one for one in container.demux(video=0) if one.size):
                coded = bytes(packet)
                headers = headers_of(coded)
                begins = headers.group is not None
                if begins:
                    group = base + number  # groups are closed: all before is shown before
                yield _Picture(coded, group + temporal_reference(coded, headers), group, begins)
        base += frames


def _picture_packets(pictures: Iterable[_Picture], cadence: Cadence, chapters: list[int]) -> Iterator[Packet]:
    """Pictures as packets, each decoded while the one shown before it is on screen: B-pictures need no more.

    chapters : when each begins, in ticks.
    """
    unit: int | None = None
    for number, picture in enumerate(pictures):
        packet = Packet(placed(picture.coded, cadence, frame=picture.frame, group_frame=picture.group_frame))
        packet.time_base = _TICK
        packet.pts = cadence.ticks(picture.frame)
        packet.dts = cadence.ticks(number - 1)
        packet.duration = cadence.ticks(picture.frame + 1) - packet.pts
        # FFmpeg begins a unit, with its navigation pack, at each key frame.
        packet.is_keyframe = picture.begins_group and begins_unit(packet.pts, unit, chapters)
        unit = packet.pts if packet.is_keyframe else unit
        yield packet


def _sound_packets(path: Path) -> Iterator[Packet]:
    for packet in kept_packets(path):
        assert packet.pts is not None
        packet.pts = packet.dts = packet.pts * CLOCK // SAMPLE_RATE
        packet.time_base = _TICK
        yield packet


def _caption_packets(path: Path) -> Iterator[Packet]:
    """Subpicture units, each begun before it is shown, so that a player has all of it by then."""
    for unit in units_of(path):
        packet = Packet(unit.data)
        packet.time_base, packet.duration = _TICK, unit.end_ticks - unit.start_ticks
        packet.pts = unit.start_ticks
        packet.dts = packet.pts
        yield packet


def _by_time(*streams: tuple[Any, Iterator[Packet]]) -> Iterator[Packet]:
    """The packets of all streams as they are decoded; where two come at once, in the streams' order."""
    waiting = [(stream, packets, next(packets, None)) for stream, packets in streams]
    while True:
        due = [entry for entry in waiting if entry[2] is not None]
        if not due:
            return
        first = min(due, key=lambda entry: cast(Packet, entry[2]).dts or 0)
        stream, packets, packet = first
        assert packet is not None
        packet.stream = stream
        yield packet
        waiting[waiting.index(first)] = stream, packets, next(packets, None)


def _picture_stream(container: OutputContainer, cadence: Cadence) -> VideoStream:
    standard = cadence.standard
    stream = container.add_mux_stream(
        "mpeg2video",
        rate=standard.rate,
        width=standard.width,
        height=standard.height,
        pix_fmt="yuv420p",
        time_base=_TICK,
    )
    return cast(VideoStream, stream)


def run(order: TitleOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Join the inputs ``piece0``, ``piece1``... and ``sound`` to the title ``out``. Facts: ``frames``."""
    cadence = cadence_for(STANDARDS[order.disc], order.rate)
    names = [f"piece{number}" for number in range(len(order.piece_frames))]
    paths = [path for name in names if (path := inputs[name].path) is not None]
    pieces = list(zip(paths, order.piece_frames, strict=True))
    sound = inputs["sound"].path
    assert sound is not None
    chapters = [cadence.ticks(chapter.start_frame) for chapter in order.chapters]
    with av.open(str(out), "w", format="dvd", options=_OPTIONS) as container:
        picture = _picture_stream(container, cadence)
        sound_stream = kept_stream(container, sound)
        captions = [
            (container.add_mux_stream("dvdsub", time_base=_TICK), _caption_packets(path))
            for number in range(len(order.languages))
            if (path := inputs[f"captions{number}"].path) is not None
        ]
        pictures = _picture_packets(_pictures(pieces), cadence, chapters)
        for packet in _by_time((picture, pictures), (sound_stream, _sound_packets(sound)), *captions):
            container.mux(packet)
    return {"frames": sum(order.piece_frames)}

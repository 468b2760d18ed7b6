"""Reads a finished film back: its packets and timestamps, its chapters and tags, its sound decoded and measured."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av import Packet
from av.container import InputContainer
from av.video.stream import VideoStream

from crowdcut.orders import ReadbackOrder
from renderers.decode_sound import placed_sound
from renderers.encode import packet_digest
from renderers.job import Input
from renderers.meter import measured
from renderers.pcm import Samples
from renderers.place_sound import Damage, Placed, consecutive

_PRIMARIES = {1: "bt709"}
_RANGES = {1: "limited", 2: "full"}


def _packets(container: InputContainer, index: int) -> Iterator[Packet]:
    return (packet for packet in container.demux(container.streams[index]) if packet.size)


def _form(stream: VideoStream) -> dict[str, Any]:
    context = stream.codec_context
    tags = (context.color_primaries, context.color_trc, context.colorspace)
    return {
        "size": [context.width, context.height],
        "pixel_format": context.pix_fmt,
        "sample_aspect_ratio": str(stream.sample_aspect_ratio or 1),
        "colour": [
            *(_PRIMARIES.get(int(tag), str(tag)) for tag in tags),
            _RANGES.get(int(context.color_range), "unknown"),
        ],
    }


def _picture(path: Path) -> dict[str, Any]:
    """The picture's packets; one picture is decoded by opening, none after."""
    with av.open(str(path), "r") as container:
        stream = container.streams.video[0]
        facts = _form(stream)
        digests, times, decoding = [], [], []
        for packet in _packets(container, stream.index):
            digests.append(packet_digest(packet))
            times.append(packet.pts * packet.time_base if packet.pts is not None and packet.time_base else None)
            decoding.append(packet.dts * packet.time_base if packet.dts is not None and packet.time_base else None)
        chapters = [
            (str(one["metadata"].get("title", "")), one["start"] * (one["time_base"] or 1))
            for one in container.chapters()
        ]
    decodable = (
        None not in times
        and None not in decoding
        and all(one < two for one, two in pairwise(decoding))
        and all(shown >= decoded for shown, decoded in zip(times, decoding, strict=True))
    )
    facts |= {"packets": digests, "times": [str(time) for time in times], "decodable": decodable}
    return {"picture": facts, "chapters": [[title, str(start)] for title, start in chapters]}


def _sound_packets(path: Path) -> tuple[int, list[str], list[int]]:
    """The sound stream's index, its packets' digests, and the samples at which packets do not follow each other."""
    with av.open(str(path), "r") as container:
        stream = container.streams.audio[0]
        digests: list[str] = []
        breaks: list[int] = []
        due: int | None = None
        for packet in _packets(container, stream.index):
            start = packet.pts or 0
            if due is not None and start != due:
                breaks.append(int(start * (stream.time_base or 0) * stream.rate))
            due = start + (packet.duration or 0)
            digests.append(packet_digest(packet))
        return stream.index, digests, breaks


def _sound(path: Path) -> dict[str, Any]:
    index, digests, breaks = _sound_packets(path)
    extent: list[int] = []

    def watched(sound: Iterator[Placed]) -> Iterator[Samples]:
        for placed in sound:
            extent[:] = [extent[0] if extent else placed.start, placed.end_exclusive]
            yield placed.samples

    loudness = measured(watched(consecutive(placed_sound(path, stream=index, damage=Damage()))))
    start, end = extent
    return {
        "packets": digests,
        "breaks": breaks,
        "start_sample": start,
        "length_samples": end - start,
        "integrated_lufs": loudness.integrated,
        "true_peak_dbtp": loudness.true_peak,
        "max_short_term_lufs": loudness.max_short_term,
        "range_lu": loudness.range_lu,
        "short_term": list(loudness.short_term),
    }


def run(_order: ReadbackOrder, inputs: Mapping[str, Input], _out: Path) -> dict[str, Any]:
    """What the film ``file`` really holds. Facts: ``picture``, ``sound``, ``chapters``; times in fractions."""
    path = inputs["file"].path
    assert path is not None
    return {**_picture(path), "sound": _sound(path)}

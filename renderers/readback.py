"""Reads a finished film back, once and without decoding: its packets and timestamps, its chapters and tags."""

import hashlib
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av import Packet
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from crowdcut.disc.standards import CLOCK
from crowdcut.orders import ReadbackOrder
from crowdcut.timing import SAMPLE_RATE
from renderers.composing.encode import packet_digest
from renderers.disc.program_stream import sound_breaks, unit_times
from renderers.files.film_tags import film_tags, title_tags
from renderers.job import Input


def _is_title(container: InputContainer) -> bool:
    """Whether this is a disc's title, a program stream."""
    return container.format.name == "mpeg"


def _form(container: InputContainer, path: Path, stream: VideoStream) -> dict[str, Any]:
    context = stream.codec_context
    tags = title_tags(stream) if _is_title(container) else film_tags(path)
    return {"size": [context.width, context.height], "pixel_format": context.pix_fmt, "tags": tags}


_UNSTAMPED = -(2**63)
"""FFmpeg's own word for a packet without a time: AV_NOPTS_VALUE."""


def _ticks(moment: int | None) -> int:
    return _UNSTAMPED if moment is None else moment


@dataclass(slots=True)
class _Picture:
    """The picture's packets, as they come; two hours of them are 173,000."""

    time_base: Fraction
    digests: list[str] = field(default_factory=list)
    times: "array[int]" = field(default_factory=lambda: array("q"))
    """In ticks, as the other two."""
    decoding: "array[int]" = field(default_factory=lambda: array("q"))
    lengths: "array[int]" = field(default_factory=lambda: array("q"))

    def take(self, packet: Packet) -> None:
        self.digests.append(packet_digest(packet))
        self.times.append(_ticks(packet.pts))
        self.decoding.append(_ticks(packet.dts))
        self.lengths.append(packet.duration or 0)

    def mend_last(self) -> None:
        """Of a program stream: not every picture has a stamp. To the last one shown, where it has none, FFmpeg gives
        the time at which it would begin if the one before lasted as long as itself: by 2:3 pulldown it does not."""
        shown = self.times
        if len(shown) < 2 or _UNSTAMPED in shown or _UNSTAMPED in self.decoding:
            return
        before, last = sorted(range(len(shown)), key=shown.__getitem__)[-2:]
        if shown[last] == max(self.decoding) + self.lengths[last]:
            shown[last] = shown[before] + self.lengths[before]

    def origin(self) -> Fraction:
        """The moment in the file at which its first picture is shown."""
        return min(time for time in self.times if time != _UNSTAMPED) * self.time_base

    def facts(self, origin: Fraction) -> dict[str, Any]:
        """``origin``: the moment in the file that is the film's beginning."""
        decodable = (
            _UNSTAMPED not in self.times
            and _UNSTAMPED not in self.decoding
            and all(one < two for one, two in pairwise(self.decoding))
            and all(shown >= read for shown, read in zip(self.times, self.decoding, strict=True))
        )
        times = [str(None if time == _UNSTAMPED else time * self.time_base - origin) for time in self.times]
        return {"packets": self.digests, "times": times, "decodable": decodable}


class _Sound:
    """The sound's packets, as they come."""

    def __init__(self, stream: AudioStream):
        context = stream.codec_context
        self._sample = stream.rate * (stream.time_base or 0)
        self._digests = bytearray()
        self._breaks: list[int] = []
        self._due: int | None = None
        form = (context.name, context.rate, context.layout.name, bytes(context.extradata or b""), stream.time_base)
        self._whole = hashlib.blake2b(repr(form).encode(), digest_size=16)

    def take(self, packet: Packet) -> None:
        start = packet.pts or 0
        if self._due is not None and start != self._due:
            self._breaks.append(int(start * self._sample))
        self._due = start + (packet.duration or 0)
        digest = packet_digest(packet).encode()
        self._digests += digest
        beside = [(data.data_type, bytes(data)) for data in packet.iter_sidedata()]
        told = (packet.pts, packet.dts, packet.duration, packet.is_discard, beside)
        self._whole.update(repr(told).encode() + digest)

    def facts(self) -> dict[str, Any]:
        return {"packets": self._digests.decode(), "breaks": self._breaks}

    def facts_of_title(self, path: Path, origin: Fraction) -> dict[str, Any]:
        """The same of a disc's title, whose times are read from its packs."""
        breaks = (Fraction(tick, CLOCK) - origin for tick in sound_breaks(path))
        return {"packets": self._digests.decode(), "breaks": [int(moment * SAMPLE_RATE) for moment in breaks]}

    def digest(self) -> str:
        """Of all that its decoded samples and their places depend on."""
        return self._whole.hexdigest()


def _chapters(container: InputContainer) -> list[list[str]]:
    return [
        [str(one["metadata"].get("title", "")), str(one["start"] * (one["time_base"] or 1))]
        for one in container.chapters()
    ]


def run(_order: ReadbackOrder, inputs: Mapping[str, Input], _out: Path) -> dict[str, Any]:
    """What the film ``file`` really holds; one picture is decoded by opening it, none after.

    Facts: ``picture``, ``sound``, ``chapters``, times in fractions; ``units`` of a disc's title, in ticks of 90 kHz;
    and ``sound_digest``, the same for every film whose sound decodes to the same samples at the same times.
    """
    path = inputs["file"].path
    assert path is not None
    with av.open(str(path), "r") as container:
        seen, heard = container.streams.video[0], container.streams.audio[0]
        assert seen.time_base is not None
        picture, sound = _Picture(seen.time_base), _Sound(heard)
        for packet in container.demux(seen, heard):
            if packet.size:
                (sound if packet.stream_index == heard.index else picture).take(packet)
        title = _is_title(container)
        if title:
            picture.mend_last()
        # A program stream's clock runs before its first picture is shown; a film's does not.
        origin = picture.origin() if title else Fraction(0)
        return {
            "picture": _form(container, path, seen) | picture.facts(origin),
            "sound": sound.facts_of_title(path, origin) if title else sound.facts(),
            "sound_digest": sound.digest(),
            "chapters": _chapters(container),
            "units": [tick - round(origin * CLOCK) for tick in unit_times(path)] if title else [],
        }

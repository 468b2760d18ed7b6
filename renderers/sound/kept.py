"""A programme's coded sound between two jobs: a line of JSON that tells how it was coded, then its packets, each after
its length. An MP4 file would cost its writer and each of its readers 28 MB in two hours, for tables of packets whose
times anybody can count."""

import json
import struct
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, cast

from av import Packet
from av.audio.stream import AudioStream
from av.container import OutputContainer

from crowdcut.records import plain, record_from
from crowdcut.timing import SAMPLE_RATE
from renderers.sound.encode import FORMS, Coding, set_up

_LENGTH = struct.Struct("<I")


def keep_sound(packets: Iterable[bytes], coding: Coding, out: Path) -> None:
    """Write a programme's packets to ``out``."""
    with out.open("wb") as file:
        file.write(json.dumps(plain(coding)).encode() + b"\n")
        for packet in packets:
            file.write(_LENGTH.pack(len(packet)))
            file.write(packet)


def _coding(file: BinaryIO) -> Coding:
    return record_from(json.loads(file.readline()), Coding)


def kept_packets(path: Path) -> Iterator[Packet]:
    """The packets that :func:`keep_sound` wrote, with their times in samples from the film's beginning: those of AAC
    begin before it."""
    with path.open("rb") as file:
        coding = _coding(file)
        form = FORMS[coding.codec]
        start = -form.packets_before * form.frame_samples
        while length := file.read(_LENGTH.size):
            packet = Packet(file.read(_LENGTH.unpack(length)[0]))
            packet.time_base = Fraction(1, SAMPLE_RATE)
            packet.pts = packet.dts = start
            packet.duration = min(form.frame_samples, coding.length_samples - start)
            packet.is_keyframe = True
            start += form.frame_samples
            yield packet


def kept_stream(container: OutputContainer, path: Path) -> AudioStream:
    """A stream of ``container`` for these packets."""
    with path.open("rb") as file:
        coding = _coding(file)
    stream = cast(AudioStream, container.add_stream(coding.codec, rate=SAMPLE_RATE, layout="stereo"))
    set_up(stream.codec_context, coding)
    return stream

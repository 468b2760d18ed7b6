"""Encode a programme's sound once, so that its first sample is the film's first, and list its packets.

It is coded in stretches of half a minute, side by side on all cores, and anew only where the sound changed. A stretch
is begun early, on the sound before it, and what that gives is thrown away: the encoder then stands where it would stand
had it come all the way. Packets of AAC overlap by half, so a joint is whole where the encoders on both of its sides
chose the same windows; they do, since they look no further than a few packets, and it is checked. Packets of AC-3
(ATSC A/52) know one kind of window as FFmpeg codes it, and fit wherever they are cut.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from os import SEEK_END
from typing import cast

import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.codec.context import CodecContext, Flags

from crowdcut.findings import Finding, JobFailed
from crowdcut.timing import SAMPLE_RATE
from renderers.sound.pcm import Samples, frame_of

_STRETCH_SECONDS = Fraction(30)
_LEAD_FRAMES = 48
"""A second: windows were found to be the same after 8 packets, rate control needs some more."""
_TAIL_FRAMES = 4
"""The packet after the stretch, to compare its window, and what the encoder wants to see before it gives that."""

_AROUND_FRAMES = 4
"""Packets that may have another window on account of samples that only their neighbours hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a codec cuts sound into packets."""

    frame_samples: int
    """From one packet to the next."""
    packets_before: int
    """Packets that begin before the sound: packet n begins at sample (n - packets_before) * frame_samples."""
    silence_samples: int = 0
    """What the encoder is given before the sound, so that packets begin where they should."""
    packets_dropped: int = 0
    """What that gives."""
    reach_samples: int = 0
    """Samples after a packet's own that it is coded with."""
    windows_differ: bool = False
    """Whether a joint has to be looked at."""

    @property
    def stretch_frames(self) -> int:
        """Packets of a stretch."""
        return int(_STRETCH_SECONDS * SAMPLE_RATE) // self.frame_samples

    def count(self, length_samples: int) -> int:
        """Packets of a programme."""
        return -(-length_samples // self.frame_samples) + self.packets_before


FORMS = {
    # Packet n holds samples (n - 1) * 1024 to (n + 1) * 1024.
    "aac": Form(frame_samples=1024, packets_before=1, windows_differ=True),
    # What is decoded comes 256 samples late, and no container of a disc can say so: the encoder gets the sound early.
    "ac3": Form(frame_samples=1536, packets_before=0, silence_samples=1280, packets_dropped=1, reach_samples=256),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """How a programme is coded."""

    codec: str
    bit_rate: int
    """Bits a second."""
    length_samples: int
    """Of the programme, without what fills its last packet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Packets ``first`` to ``end_exclusive`` of a programme, and the samples that have to be read to code them."""

    first: int
    end_exclusive: int
    begun: int
    """The packet from which on the encoder is given sound."""
    start_sample: int
    end_sample_exclusive: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A stretch's packets, and the windows of the two packets around each of its joints."""

    stretch: Stretch
    packets: list[bytes]
    head: tuple[str, ...]
    """Empty for the programme's first packet."""
    tail: tuple[str, ...]
    """Empty for its last."""


class Packets:
    """A programme's packets, in a file without a name: two hours of them are 230 MB."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as they do
        self._places = np.zeros((0, 2), np.int64)
        """Of each packet: where it begins in the file, and its bytes."""

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[bytes]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int) -> bytes:
        start, size = self._places[number].tolist()
        self._file.seek(start)
        return self._file.read(size)

    def put(self, first: int, packets: Sequence[bytes]) -> None:
        """Have these from number ``first`` on, in place of what was there; they may reach further."""
        sizes = np.array([len(packet) for packet in packets], np.int64)
        starts = self._file.seek(0, SEEK_END) + np.cumsum(sizes) - sizes
        self._file.writelines(packets)
        end = first + len(packets)
        longer = np.zeros((max(0, end - len(self)), 2), np.int64)
        self._places = np.concatenate([self._places, longer])
        self._places[first:end] = np.stack([starts, sizes], axis=1)


def _stretch(form: Form, first: int, end_exclusive: int, length_samples: int) -> Stretch:
    begun = max(0, first - _LEAD_FRAMES)
    end = (end_exclusive + _TAIL_FRAMES) * form.frame_samples
    return Stretch(
        first=first,
        end_exclusive=end_exclusive,
        begun=begun,
        start_sample=max(0, begun * form.frame_samples - form.silence_samples),
        end_sample_exclusive=min(length_samples, end),
    )


def stretches_of(changed: Iterable[tuple[int, int]], coding: Coding) -> Iterator[Stretch]:
    """What has to be coded where a programme's samples are others than before, from one to one exclusive, in order."""
    form, length_samples = FORMS[coding.codec], coding.length_samples
    frame, total, end = form.frame_samples, form.count(length_samples), 0
    for start_sample, end_sample_exclusive in changed:
        first = max(end, start_sample // frame - _AROUND_FRAMES)
        end = max(end, min(total, -(-end_sample_exclusive // frame) + 1 + _AROUND_FRAMES))
        for start in range(first, end, form.stretch_frames):
            yield _stretch(form, start, min(end, start + form.stretch_frames), length_samples)


def set_up(context: AudioCodecContext, coding: Coding, dialogue_lufs: int | None = None) -> None:
    """Have an encoder, or a film's stream for its packets, code so."""
    context.bit_rate = coding.bit_rate
    context.thread_count = 1
    if coding.codec == "aac":
        context.options = {"aac_pns": "0"}
    elif dialogue_lufs is not None:
        context.options = {"dialnorm": str(dialogue_lufs)}
    context.flags |= Flags.bitexact  # no version among the sound


def _encoder(coding: Coding, dialogue_lufs: int | None) -> AudioCodecContext:
    context = cast(AudioCodecContext, CodecContext.create(coding.codec, "w"))
    context.sample_rate, context.layout, context.format = SAMPLE_RATE, "stereo", "fltp"
    context.time_base = Fraction(1, SAMPLE_RATE)
    set_up(context, coding, dialogue_lufs)
    return context


def parameters(coding: Coding) -> bytes | None:
    """What a decoder has to know before the first packet."""
    encoder = _encoder(coding, None)
    encoder.open()
    return encoder.extradata


def _window(packet: bytes) -> str:
    """The bits that tell the first channel's window (ISO/IEC 14496-3, 4.4.2): whether the second shares it, sequence,
    shape. Before them stand three bits for a channel pair and its four-bit name, and a gain where it is not shared."""
    bits = f"{int.from_bytes(packet[:3]):024b}"
    assert bits.startswith("001"), "the packet does not begin with a channel pair"
    start = 9 if bits[7] == "1" else 17
    return bits[7] + bits[start : start + 3]


def _windows(packets: Sequence[bytes] | Packets, joint: int) -> tuple[str, ...]:
    """The windows of the packets before and after a joint; nothing where no packets meet."""
    return (_window(packets[joint - 1]), _window(packets[joint])) if 0 < joint < len(packets) else ()


def _padded(blocks: Iterable[Samples], form: Form, stretch: Stretch) -> Iterator[Samples]:
    """The samples as an encoder wants them: some codecs with silence before the programme, and to a packet's end."""
    if stretch.begun == 0 and form.silence_samples:
        yield np.zeros((2, form.silence_samples), np.float32)
    length = 0
    for block in blocks:
        length += block.shape[1]
        yield block
    missing = stretch.end_exclusive * form.frame_samples + form.reach_samples - stretch.start_sample - length
    if form.reach_samples and missing > 0:
        yield np.zeros((2, missing), np.float32)


def coded(stretch: Stretch, blocks: Iterable[Samples], coding: Coding, *, dialogue_lufs: int | None = None) -> Coded:
    """Code a stretch; ``blocks`` are the samples that it wants read.

    dialogue_lufs : what AC-3 tells players of its loudness (``dialnorm``, ATSC A/52 5.4.2.8), -31 to -1.
    """
    form = FORMS[coding.codec]
    encoder, packets, start = _encoder(coding, dialogue_lufs), [], 0
    for block in _padded(blocks, form, stretch):
        packets += encoder.encode(frame_of(block, start=start))
        start += block.shape[1]
    found = [bytes(packet) for packet in (*packets, *encoder.encode(None))]
    first = stretch.first - stretch.begun + form.packets_dropped
    end = first + stretch.end_exclusive - stretch.first
    head, tail = (_windows(found, first), _windows(found, end)) if form.windows_differ else ((), ())
    return Coded(stretch=stretch, packets=found[first:end], head=head, tail=tail)


def splice(packets: Packets, stretches: Iterable[Coded]) -> None:
    """Put the packets of stretches, which are in order, in their places among a programme's. Raises JobFailed where a
    joint would be heard."""
    joints = []
    for one in stretches:
        packets.put(one.stretch.first, one.packets)
        joints += [(one.stretch.first, one.head), (one.stretch.end_exclusive, one.tail)]
    if any(windows and windows != _windows(packets, joint) for joint, windows in joints):
        found = "two stretches of the coded sound do not fit together"
        raise JobFailed(Finding(rule="sound-joint", owner="machine", found=found, way_out="Set another bit rate."))


def packet_digests(packets: Packets) -> str:
    """BLAKE2b of each packet's bytes, 16 hexadecimal digits, one after another: what a film that copies them must
    hold."""
    digests = bytearray()
    for packet in packets:
        digests += blake2b(packet, digest_size=8).digest()
    return digests.hex()

"""Encode a programme's sound once, so that its first sample is the film's first, and list its packets."""

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import cast

import av
from av.audio.stream import AudioStream

from crowdcut.timing import SAMPLE_RATE
from renderers.door import opened
from renderers.pcm import Samples, frame_of

# The edit list hides the encoder's delay (1024 samples of AAC) and counts in these; MP4's usual thousandths of a
# second would cut the end to the millisecond. bitexact: no date and no version in the file.
_OPTIONS = {"movie_timescale": "240000", "fflags": "+bitexact"}


def encode(blocks: Iterable[Samples], out: Path, *, codec: str, bit_rate: int) -> None:
    """Write consecutive blocks to an MP4 file ``out``; ``bit_rate`` in bits a second."""
    with av.open(str(out), "w", format="mp4", options=_OPTIONS) as container:
        stream = cast(AudioStream, container.add_stream(codec, rate=SAMPLE_RATE, layout="stereo"))
        stream.bit_rate = bit_rate
        stream.codec_context.thread_count = 1
        start = 0
        for block in blocks:
            if block.shape[1]:
                container.mux(stream.encode(frame_of(block, start=start)))
                start += block.shape[1]
        container.mux(stream.encode(None))


def packet_digests(path: Path) -> list[str]:
    """BLAKE2b of each packet's bytes, 16 hexadecimal digits, in order: what a film that copies them must hold."""
    with opened(path) as container:
        packets = container.demux(container.streams.audio[0])
        return [blake2b(bytes(packet), digest_size=8).hexdigest() for packet in packets if packet.size]

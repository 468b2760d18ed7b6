"""A programme's packets decoded as a player decodes them, from any sample on."""

from collections.abc import Iterator
from itertools import islice
from typing import cast

import numpy as np
from av import Packet
from av.audio.codeccontext import AudioCodecContext
from av.codec.context import CodecContext

from crowdcut.timing import SAMPLE_RATE
from renderers.sound.encode import FORMS, Coding, Packets, parameters
from renderers.sound.pcm import Samples, samples_of

_PREROLL_SAMPLES = SAMPLE_RATE // 2
"""Decoded before what is wanted: AAC's packets overlap by half, and what measures the sound has to settle."""
_BLOCK = 16_384
"""About so many samples are given at a time."""


def _frames(packets: Packets, first: int, coding: Coding) -> Iterator[Samples]:
    decoder = cast(AudioCodecContext, CodecContext.create(coding.codec, "r"))
    decoder.extradata = parameters(coding)
    decoder.thread_count = 1
    for number in range(first, len(packets)):
        for frame in decoder.decode(Packet(packets[number])):
            yield samples_of(frame)


def played(packets: Packets, coding: Coding, start: int, end_exclusive: int) -> Iterator[Samples]:
    """The sound from one sample to one exclusive, without the padding of the first packet and of the last."""
    form = FORMS[coding.codec]
    begun = max(0, start - _PREROLL_SAMPLES) // form.frame_samples
    # The first packet of AAC sounds before the programme begins, and only its second half is wanted.
    first = begun + form.packets_before if begun else 0
    at, frames = (first - form.packets_before) * form.frame_samples, _frames(packets, first, coding)
    while at < end_exclusive and (some := list(islice(frames, -(-_BLOCK // form.frame_samples)))):
        block = np.concatenate(some, axis=1)
        kept = block[:, max(0, start - at) : max(0, end_exclusive - at)]
        at += block.shape[1]
        if kept.shape[1]:
            yield kept

"""Where a sound begins or breaks off by itself it is faded, so that no step is heard: a low tone that ends with its
stream, seconds before its picture, or around a packet that was lost."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from crowdcut.timing import SAMPLE_RATE
from renderers.sound.pcm import Samples, joined, silence
from renderers.sound.place import Placed

EDGE_SAMPLES = SAMPLE_RATE // 100
"""10 ms: of a tone of 40 Hz that ends so, what lies above 1 kHz reaches -76 dB of it."""
_END_PART = 4
"""At its end no more than this part of a sound is faded: 10 ms would leave nothing of a click."""


def _rising(length: int) -> NDArray[np.float32]:
    """[shape=(length,)] from 0 to 1, as a raised cosine."""
    return (np.sin((np.arange(length) + 0.5) / max(1, length) * (np.pi / 2)) ** 2).astype(np.float32)


_RISING = _rising(EDGE_SAMPLES)


def _faded_out(samples: Samples, length: int) -> Samples:
    """``samples``, the last of a run of ``length``."""
    ramp = np.ones(samples.shape[1], np.float32)
    falling = _rising(min(EDGE_SAMPLES, length // _END_PART))[::-1]
    ramp[len(ramp) - len(falling) :] = falling
    return samples * ramp


def _faded_in(samples: Samples, age: int) -> Samples:
    """``samples``, of which the first has the number ``age`` in its run."""
    if age >= EDGE_SAMPLES:
        return samples
    ramp = np.ones(samples.shape[1], np.float32)
    rising = _RISING[age : age + len(ramp)]
    ramp[: len(rising)] = rising
    return samples * ramp


def eased(sound: Iterable[Placed], *, start: int, end_exclusive: int) -> Iterator[Placed]:
    """The same sound, faded where it begins after ``start``, where it ends before ``end_exclusive`` and around gaps.

    sound : consecutive, within the two; source time in samples at 48 kHz.
    """
    begun = at = start
    held = silence(0)
    """The end of what was read, which may be the last before a gap; it lies just before ``at``."""
    last = Placed(start=end_exclusive, samples=silence(0))
    for placed in chain(sound, [last]):
        if placed.start != at:
            if held.shape[1]:
                yield Placed(start=at - held.shape[1], samples=_faded_out(held, at - begun))
            held, begun = silence(0), placed.start
        samples = placed.samples
        if begun > start:
            samples = _faded_in(samples, placed.start - begun)
        held, at = joined([held, samples]), placed.end_exclusive
        whole = held.shape[1] - (0 if placed is last else EDGE_SAMPLES)
        if whole > 0:
            yield Placed(start=at - held.shape[1], samples=held[:, :whole])
            held = held[:, whole:]

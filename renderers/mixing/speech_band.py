"""The band that speech is understood by, cut out of sound so that it adds up to it again with what is left."""

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from crowdcut.sound.spoken import Runs
from crowdcut.timing import SAMPLE_RATE
from renderers.sound.pcm import Samples, silence

BAND_HZ = (300, 4000)
"""All of it is in the band. Telephones have carried speech by 300 to 3400 Hz (ITU-T G.712); of the importance of bands
for understanding, 0.88 lies in the octaves around 500 to 4000 Hz (ANSI S3.5-1997, octave-band method)."""
MARGIN_SAMPLES = 480
"""10 ms: so far to both sides the filter looks, which has no delay."""
EDGE_HZ = 3.3 * SAMPLE_RATE / (2 * MARGIN_SAMPLES)
"""165 Hz, in which a filter of this length goes from all to nothing (Hamming's window); beyond it is 50 dB down."""


def _low_pass(hertz: float) -> NDArray[np.float64]:
    """A windowed sinc, half way down (-6 dB) at ``hertz``; [shape=(2 * MARGIN_SAMPLES + 1,)]."""
    at = np.arange(-MARGIN_SAMPLES, MARGIN_SAMPLES + 1)
    taps = np.sinc(2 * hertz / SAMPLE_RATE * at) * np.hamming(len(at))
    return taps / taps.sum()


@cache
def _spectrum(length: int) -> NDArray[np.complex64]:
    taps = _low_pass(BAND_HZ[1] + EDGE_HZ / 2) - _low_pass(BAND_HZ[0] - EDGE_HZ / 2)
    return np.fft.rfft(taps, length).astype(np.complex64)


def band_of(wide: Samples) -> Samples:
    """The band of all samples of ``wide`` but the first and last ``MARGIN_SAMPLES``, each in its place."""
    length = wide.shape[1]
    band = np.fft.irfft(np.fft.rfft(wide, length) * _spectrum(length), length)
    # Round the ends the product is a circle's: what it spoils is what is left away.
    return band[:, 2 * MARGIN_SAMPLES :].astype(np.float32, copy=False)


Wide = Callable[[int, int], Samples]
"""Gives so many samples (second) from one on (first), also from before the beginning and after the end."""


def widened(wide: Wide, start: int, length: int) -> Samples:
    """What :func:`band_of` needs for ``length`` samples from ``start`` on."""
    return wide(start - MARGIN_SAMPLES, length + 2 * MARGIN_SAMPLES)


def band_blocks(wide: Wide, *, length: int, block: int, within: Runs) -> Iterator[Samples]:
    """The band of the first ``length`` samples, ``block`` at a time; silence of blocks that have nothing ``within``."""
    for start in range(0, length, block):
        size = min(block, length - start)
        needed = any(first < start + size and start < last for first, last in within)
        yield band_of(widened(wide, start, size)) if needed else silence(size)

"""True peaks (ITU-R BT.1770-4, annex 2): what sound reaches between its samples, seen at four times the rate."""

from math import log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crowdcut.timing import SAMPLE_RATE
from renderers.sound.pcm import Samples
from renderers.sound.resample import Resampler

STEP_SAMPLES = SAMPLE_RATE // 1000
"""Peaks are kept for each millisecond: two hours of them are 29 MB."""
TIMES = 4
"""Oversampling of BT.1770-4 at 48 kHz."""

Peaks = NDArray[np.float32]
"""[shape=(steps,)] the largest amplitude that either channel reaches in each step of ``STEP_SAMPLES``, from its first
sample to just before the next step's; the last step may be shorter."""


def decibels(amplitude: float) -> float | None:
    """Amplitude as dB of full scale (which is 1.0); None for silence."""
    return 20 * log10(amplitude) if amplitude > 0 else None


def amplitude(decibels: float) -> float:
    """The factor that so many dB are."""
    return 10 ** (decibels / 20)


Reach = NDArray[np.float32]
"""[shape=(n,)] the larger amplitude of both channels."""


def _reach(samples: Samples) -> Reach:
    above, below = np.maximum(*samples), np.minimum(*samples)
    return np.maximum(above, np.negative(below, out=below), out=above)


def _steps(reach: Reach, length: int) -> Peaks:
    """The largest of each ``length`` values, the last of what is left."""
    starts = np.arange(0, len(reach), length)
    return np.maximum.reduceat(reach, starts) if len(reach) else reach


def own_peaks(samples: Samples) -> Peaks:
    """What the samples themselves reach in each step."""
    return _steps(_reach(samples), STEP_SAMPLES)


class PeakFinder:
    """Takes blocks of any length. The peaks lag until :meth:`rest`."""

    def __init__(self) -> None:
        self._oversampler = Resampler(SAMPLE_RATE, TIMES * SAMPLE_RATE)
        self._own = np.zeros(0, np.float32)
        """Reach of the samples of steps that are not complete."""
        self._between = np.zeros(0, np.float32)
        """The same at four times the rate, as far as it is there."""

    def take(self, samples: Samples) -> Peaks:
        """The peaks of the steps that are complete."""
        samples = np.ascontiguousarray(samples)
        self._own = np.concatenate([self._own, _reach(samples)])
        self._between = np.concatenate([self._between, _reach(self._oversampler.take(samples))])
        return self._given_out(len(self._between) // (TIMES * STEP_SAMPLES))

    def rest(self) -> Peaks:
        """The peaks that are left: in all one for each step."""
        self._between = np.concatenate([self._between, _reach(self._oversampler.rest())])
        return self._given_out(-(-len(self._own) // STEP_SAMPLES))

    def _given_out(self, steps: int) -> Peaks:
        end = steps * STEP_SAMPLES
        own, self._own = self._own[:end], self._own[end:]
        between, self._between = self._between[: end * TIMES], self._between[end * TIMES :]
        return np.maximum(_steps(own, STEP_SAMPLES), _steps(between, STEP_SAMPLES * TIMES))


def largest_around(peaks: Peaks, steps: int) -> Peaks:
    """For each step the largest of the ``steps`` before it, itself and the ``steps`` after it; none is below 0."""
    edge = np.zeros(steps, peaks.dtype)
    return largest_of(np.concatenate([edge, peaks, edge]), 2 * steps + 1)


def largest_of(values: NDArray[Any], length: int) -> NDArray[Any]:
    """The largest of each ``length`` consecutive values: that much shorter, less one."""
    width = 1
    while 2 * width <= length:
        values = np.maximum(values[:-width], values[width:])
        width *= 2
    rest = length - width
    return np.maximum(values[: len(values) - rest], values[rest:])

"""True peaks (ITU-R BT.1770-4, annex 2): what sound reaches between its samples, seen at four times the rate."""

from math import log10

import numpy as np
from numpy.typing import NDArray

from crowdcut.timing import SAMPLE_RATE
from renderers.pcm import Samples, joined, silence
from renderers.resample import Resampler

_TIMES = 4
"""Oversampling of BT.1770-4 at 48 kHz."""


def decibels(amplitude: float) -> float | None:
    """Amplitude as dB of full scale (which is 1.0); None for silence."""
    return 20 * log10(amplitude) if amplitude > 0 else None


def amplitude(decibels: float) -> float:
    """The factor that so many dB are."""
    return 10 ** (decibels / 20)


def _largest(samples: Samples) -> float:
    return max(float(samples.max(initial=0)), -float(samples.min(initial=0)))


class PeakHold:
    """The largest true peak of everything taken."""

    def __init__(self) -> None:
        self._oversampled = Resampler(SAMPLE_RATE, _TIMES * SAMPLE_RATE)
        self._peak = 0.0

    def take(self, samples: Samples) -> None:
        """The next samples; [shape=(2, n)]."""
        self._peak = max(self._peak, _largest(samples), _largest(self._oversampled.take(samples)))

    def peak(self) -> float:
        """Amplitude; ends it."""
        return max(self._peak, _largest(self._oversampled.rest()))


class PeakFinder:
    """For every sample the largest amplitude that either channel reaches from it to just before the next."""

    def __init__(self) -> None:
        self._oversampled = Resampler(SAMPLE_RATE, _TIMES * SAMPLE_RATE)
        self._waiting = silence(0)
        """Samples whose oversampled version is not there yet."""
        self._part = silence(0)
        """Oversampled values of a sample that is not complete."""

    def take(self, samples: Samples) -> NDArray[np.float32]:
        """Peaks, [shape=(m,)]: of the samples so far, as many as are known."""
        self._waiting = joined([self._waiting, samples])
        return self._peaks(self._oversampled.take(samples))

    def rest(self) -> NDArray[np.float32]:
        """The peaks that are left: one for each sample in all."""
        return self._peaks(self._oversampled.rest())

    def _peaks(self, oversampled: Samples) -> NDArray[np.float32]:
        oversampled = joined([self._part, oversampled])
        known = oversampled.shape[1] // _TIMES
        self._part = oversampled[:, known * _TIMES :]
        left, right = np.abs(oversampled[:, : known * _TIMES])
        between = np.maximum(left, right)
        # Strided maxima: ten times as fast as a reduction over an axis of four.
        between = np.maximum(between[0::2], between[1::2])
        between = np.maximum(between[0::2], between[1::2])
        left, right = np.abs(self._waiting[:, :known])
        self._waiting = self._waiting[:, known:]
        return np.maximum(between, np.maximum(left, right))

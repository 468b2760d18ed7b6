"""A true-peak limiter: looks ahead, so that the gain is down before a peak and nothing is ever clipped.

Peaks are found at four times the rate, the gain is laid at 48 kHz.
"""

from collections.abc import Iterable, Iterator
from math import log10

import numpy as np
from numpy.typing import NDArray

from crowdcut.timing import SAMPLE_RATE
from renderers.pcm import Samples, joined, silence
from renderers.true_peak import PeakFinder, amplitude

_HALF_SAMPLES = SAMPLE_RATE // 400
_AHEAD_SAMPLES = 2 * _HALF_SAMPLES
"""5 ms, in which the gain comes down along a smooth curve: two box averages, each of half of it."""
_HOLD_SAMPLES = SAMPLE_RATE // 100
"""10 ms, for which a reduction stays: with the look-ahead that bridges the peaks of any tone above 33 Hz, whose shape
a gain that follows each of them would bend."""
_REACH_SAMPLES = _AHEAD_SAMPLES + 1 + _HOLD_SAMPLES
"""How long one reduction is needed: before the peak, at the sample after it (it may lie between the two), and held."""
_RELEASE_SAMPLES = SAMPLE_RATE // 20
"""50 ms, in which all but 1/e of a reduction is given back."""
_GAIN_RIPPLE_DB = 0.001
"""A gain that moves shifts what lies between the samples: on hard signals by 0.0001 dB, for which this is ten times
enough."""
_INAUDIBLE = 1e-6
"""Reductions below this (0.00001 dB) are dropped: most of a programme then needs no arithmetic at all."""
_WORKING = 1 - amplitude(-0.1)
"""The reduction from which on the limiter is said to be working: 0.1 dB."""

Curve = NDArray[np.float64]


def _held(reductions: Curve) -> Curve:
    """The largest of each value and the ``_REACH_SAMPLES`` after it; that much shorter."""
    window, width = reductions, 1
    while 2 * width <= _REACH_SAMPLES + 1:
        window = np.maximum(window[:-width], window[width:])
        width *= 2
    rest = _REACH_SAMPLES + 1 - width
    return np.maximum(window[: len(window) - rest], window[rest:])


def _released(reductions: Curve, before: float) -> Curve:
    """Reductions that fall off no faster than the release; ``before`` is the last one of the block before.

    In the logarithm a decay is a straight line, and the recursion a running maximum.
    """
    line = np.arange(1, len(reductions) + 1) / _RELEASE_SAMPLES
    with np.errstate(divide="ignore"):
        rising = np.maximum(np.log(reductions) + line, np.log(before))
    return np.exp(np.maximum.accumulate(rising) - line)


def _averaged(curve: Curve) -> Curve:
    """Each value's mean with the ``_HALF_SAMPLES`` before it; that much shorter."""
    sums = np.cumsum(np.concatenate([[0.0], curve]))
    return (sums[_HALF_SAMPLES + 1 :] - sums[: -_HALF_SAMPLES - 1]) / (_HALF_SAMPLES + 1)


class Limiter:
    """Keeps true peaks at or under ``ceiling_dbtp``. Takes blocks of any length; output lags until :meth:`rest`."""

    def __init__(self, ceiling_dbtp: float):
        self._ceiling = amplitude(ceiling_dbtp - _GAIN_RIPPLE_DB)
        self._finder = PeakFinder()
        self._samples = silence(0)
        """Not given out yet."""
        self._needed: Curve = np.zeros(_REACH_SAMPLES)
        """Reductions that the peaks need and that are still reached from samples to come."""
        self._past: Curve = np.zeros(0)
        """Reductions after the release, as far as the averages reach back; none before the look-ahead's first."""
        self._largest = 0.0
        self._working_samples = 0

    def take(self, samples: Samples) -> Samples:
        """As much of the limited sound as is known; [shape=(2, m)]."""
        self._samples = joined([self._samples, samples])
        return self._limited(self._reductions(self._finder.take(samples)))

    def rest(self) -> Samples:
        """What is left: in all as many samples as were taken."""
        last = self._reductions(self._finder.rest())
        return self._limited(np.concatenate([last, np.zeros(_AHEAD_SAMPLES)]))

    @property
    def max_reduction_db(self) -> float:
        """The deepest reduction so far, dB, 0..; 0.0 when it never worked."""
        return -20 * log10(1 - self._largest) if self._largest else 0.0

    @property
    def seconds_working(self) -> float:
        """How long sound was reduced by 0.1 dB or more."""
        return self._working_samples / SAMPLE_RATE

    def _reductions(self, peaks: NDArray[np.float32]) -> Curve:
        return 1 - self._ceiling / np.maximum(peaks.astype(np.float64), self._ceiling)

    def _limited(self, needed: Curve) -> Samples:
        """The samples whose gain is known once ``needed`` is."""
        curve = self._curve(np.concatenate([self._needed, needed]))
        samples, self._samples = self._samples[:, : len(curve)], self._samples[:, len(curve) :]
        largest = float(curve.max(initial=0))
        if largest == 0:
            return samples
        self._largest = max(self._largest, largest)
        self._working_samples += int((curve > _WORKING).sum())
        return samples * (1 - curve).astype(np.float32)

    def _curve(self, needed: Curve) -> Curve:
        """Reductions from the needed ones: held, released and averaged."""
        self._needed = needed[-_REACH_SAMPLES:]
        count = len(needed) - _REACH_SAMPLES
        before = float(self._past[-1]) if len(self._past) else 0.0
        if needed.any() or before > 0:
            released = _released(_held(needed), before)
            released[released < _INAUDIBLE] = 0
        else:
            released = np.zeros(count)
        reached = np.concatenate([self._past, released])
        self._past = reached[max(0, len(reached) - _AHEAD_SAMPLES) :]
        if len(reached) <= _AHEAD_SAMPLES:
            return np.zeros(0)
        return _averaged(_averaged(reached)) if reached.any() else np.zeros(len(reached) - _AHEAD_SAMPLES)


def limited(blocks: Iterable[Samples], limiter: Limiter) -> Iterator[Samples]:
    """Consecutive blocks through a limiter; as many samples as before."""
    for block in blocks:
        yield limiter.take(block)
    yield limiter.rest()

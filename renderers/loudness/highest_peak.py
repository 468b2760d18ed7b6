"""The true peak of a sound, its highest alone: hardly any of it has to be looked at between its samples for that.

What lies between two samples is a straight line from one to the other, and what the sound bends there: a sum of its
second differences. So a millisecond reaches no further than its samples and a part of the largest of these near it.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from renderers.loudness.true_peak import STEP_SAMPLES, PeakFinder, Peaks, own_peaks
from renderers.sound.pcm import Samples, joined, silence
from renderers.sound.resample import FIRST_SAMPLES

OWN_GAIN, BEND_GAIN = np.float32(1.001), np.float32(0.45)
"""Halfway between two samples the resampler's filter, less the straight line, adds up second differences with weights
that come to 0.437; its own come to 1 but for 0.0003. The rest is for rounding."""
_OPENING_STEPS = -(-FIRST_SAMPLES // STEP_SAMPLES)
"""The beginning is looked at whatever is in it: a resampler that was given less ends in another way."""
_ENDING_STEPS = 2
"""So is the end, after which the resampler hears the sound backwards: a bend that nobody measured."""

_Value = TypeVar("_Value", np.float32, np.bool_)


def _most(values: NDArray[_Value]) -> NDArray[_Value]:
    """The largest of each and the two beside it, without the first and the last. The filter's 32 samples reach no
    further than that from a step, which is 48."""
    return np.maximum(np.maximum(values[:-2], values[1:-1]), values[2:])


class HighestPeak:
    """Takes blocks of any length; :meth:`amplitude` ends it. The same number as the largest of all that a
    :class:`renderers.loudness.true_peak.PeakFinder` finds."""

    def __init__(self) -> None:
        self._finder, self._highest, self._opening = PeakFinder(), np.float32(0), _OPENING_STEPS
        self._last = silence(2)
        self._held, self._measured = silence(0), 0
        """Samples from the first step on that the filter may have to see; how many of these are measured."""
        self._own, self._bends = np.zeros(1, np.float32), np.zeros(1, np.float32)
        """What samples and second differences reach, from the step on that comes before those undecided."""
        self._needed = np.zeros(1, np.bool_)
        """Whether it matters what lies between the samples, from the step on that comes before those held."""
        self._asked = np.zeros(0, np.bool_)
        """The same, for the steps that the filter saw and has not answered for."""

    def take(self, samples: Samples) -> None:
        """The next samples; [shape=(2, n)]."""
        self._held = joined([self._held, samples])
        whole = self._held.shape[1] // STEP_SAMPLES * STEP_SAMPLES
        self._measure(self._held[:, self._measured : whole])
        self._decide()
        self._answered(self._finder.take(self._picked()))

    def amplitude(self) -> float:
        """The highest of all; 0.0 of silence."""
        self._measure(self._held[:, self._measured :])
        none = np.zeros(1, np.float32)
        self._own, self._bends = np.concatenate([self._own, none]), np.concatenate([self._bends, none])
        self._decide()
        self._needed[-_ENDING_STEPS:] = True
        self._needed = np.append(self._needed, False)
        self._answered(self._finder.take(self._picked()))
        self._answered(self._finder.rest())
        return float(self._highest)

    def _measure(self, samples: Samples) -> None:
        """Find out what the next steps reach by themselves."""
        self._measured += samples.shape[1]
        own, bends = own_peaks(samples), own_peaks(np.diff(joined([self._last, samples]), 2))
        self._last = joined([self._last, samples[:, -2:]])[:, -2:]
        self._own, self._bends = np.concatenate([self._own, own]), np.concatenate([self._bends, bends])
        self._highest = max(self._highest, own.max(initial=0))

    def _decide(self) -> None:
        """Decide which steps may reach higher than the highest that is known."""
        needed = _most(self._own) * OWN_GAIN + _most(self._bends) * BEND_GAIN > self._highest
        needed[: self._opening] = True
        self._opening = max(0, self._opening - len(needed))
        self._own, self._bends = self._own[-2:], self._bends[-2:]
        self._needed = np.concatenate([self._needed, needed])

    def _picked(self) -> Samples:
        """The samples that the filter has to see of the steps decided: those that are needed, and those beside them."""
        needed, seen = self._needed[1:-1], _most(self._needed)
        decided = self._held[:, : len(seen) * STEP_SAMPLES]
        self._held, self._needed = self._held[:, decided.shape[1] :], self._needed[-2:]
        self._measured -= decided.shape[1]
        self._asked = np.concatenate([self._asked, needed[seen]])
        return decided[:, np.repeat(seen, STEP_SAMPLES)[: decided.shape[1]]]

    def _answered(self, peaks: Peaks) -> None:
        """Take what the filter found in the next of the steps that it saw; at a seam that is nobody's sound."""
        asked, self._asked = self._asked[: len(peaks)], self._asked[len(peaks) :]
        self._highest = max(self._highest, peaks[asked].max(initial=0))

"""A true-peak limiter: looks ahead, so that the gain is down before a peak and nothing is ever clipped.

The gain is laid for the whole programme at once, one value a millisecond, from the programme's peaks; between two
values it runs straight. So any part of the limited sound can be made by itself, and comes out the same.
"""

from math import log10

import numpy as np
from numpy.typing import NDArray

from crowdcut.timing import SAMPLE_RATE
from renderers.loudness.true_peak import STEP_SAMPLES, Peaks, amplitude, largest_of
from renderers.sound.pcm import Samples, times
from renderers.sound.steps import BLOCK_STEPS, Numbers, StepFile, Steps, blocks, largest

_HALF_STEPS = 3
_AHEAD_STEPS = 2 * _HALF_STEPS
"""6 ms, in which the gain comes down along a smooth curve: two box averages, each of half of it."""
_HOLD_STEPS = 10
"""10 ms, for which a reduction stays: with the look-ahead that bridges the peaks of any tone above 31 Hz, whose shape
a gain that follows each of them would bend."""
_REACH_STEPS = _AHEAD_STEPS + _HOLD_STEPS
"""How long one reduction is needed: before the peak, and held."""
_RELEASE_STEPS = 50
"""50 ms, in which all but 1/e of a reduction is given back."""
_GAIN_RIPPLE_DB = 0.001
"""A gain that moves shifts what lies between the samples: on hard signals by 0.0001 dB, for which this is ten times
enough."""
_INAUDIBLE = 1e-6
"""Reductions below this (0.00001 dB) are dropped: most of a programme then needs no arithmetic at all."""
_AS_IT_IS = np.float32(1)
_WORKING = 1 - amplitude(-0.1)
"""The reduction from which on the limiter is said to be working: 0.1 dB."""

Curve = Steps
"""How much is taken away (0..1) at the first sample of each step, and at the end of the last: one number more."""


def _needed(peaks: Peaks, ceilings: Peaks) -> NDArray[np.float64]:
    kept = ceilings * np.float64(amplitude(-_GAIN_RIPPLE_DB))
    return 1 - kept / np.maximum(peaks, kept)


def _released(reductions: NDArray[np.float64], before: float) -> NDArray[np.float64]:
    """Reductions that fall off no faster than the release; ``before`` is the last one of the block before.

    In the logarithm a decay is a straight line, and the recursion a running maximum.
    """
    line = np.arange(1, len(reductions) + 1) / _RELEASE_STEPS
    with np.errstate(divide="ignore"):
        rising = np.maximum(np.log(reductions) + line, np.log(before))
    released = np.exp(np.maximum.accumulate(rising) - line)
    released[released < _INAUDIBLE] = 0
    return released


def _averaged(curve: Numbers) -> Numbers:
    """Each value's mean with the ``_HALF_STEPS`` after it; that much shorter."""
    length = len(curve) - _HALF_STEPS
    total = curve[:length].copy()
    for later in range(1, _HALF_STEPS + 1):
        total += curve[later : later + length]
    total /= _HALF_STEPS + 1
    return total


def reductions(peaks: Steps, ceilings: Steps, gain: np.float32 = _AS_IT_IS) -> StepFile:
    """What has to be taken away so that ``peaks``, times ``gain``, stay at or under their ``ceilings``, one amplitude a
    step: a curve."""
    # Held: a peak lies anywhere between the beginning of its step and that of the next, which is one step more.
    count, reach, before = len(peaks) + 1 + _AHEAD_STEPS, _REACH_STEPS + 1, 0.0
    curve, last = StepFile(), np.zeros(0, np.float32)
    for start in range(0, count, BLOCK_STEPS):
        end, first = min(count, start + BLOCK_STEPS), max(0, start - reach)
        needed = np.zeros(end - start + reach)
        found = _needed(peaks[first:end] * gain, ceilings[first:end])
        needed[first - start + reach :][: len(found)] = found
        released = _released(largest_of(needed, reach + 1), before)
        before = float(released[-1])
        # What its averages reach into comes with the next block.
        held = np.concatenate([last, released.astype(np.float32)])
        last = held[-_AHEAD_STEPS:]
        if len(held) > _AHEAD_STEPS:
            curve.append(_averaged(_averaged(held)))
    return curve


def limited(samples: Samples, curve: Curve, *, start: int) -> Samples:
    """``samples``, of which the first is programme sample ``start``, with the reductions of ``curve``."""
    first, last = start // STEP_SAMPLES, -(-(start + samples.shape[1]) // STEP_SAMPLES)
    part = curve[first : last + 1]
    if not part.any():
        return samples
    ramp = np.arange(STEP_SAMPLES) / STEP_SAMPLES
    taken = part[:-1, None] + np.diff(part)[:, None] * ramp
    gains = (1 - taken).astype(np.float32).reshape(-1)
    skipped = start - first * STEP_SAMPLES
    return times(samples, gains[skipped : skipped + samples.shape[1]])


def max_reduction_db(curve: Curve) -> float:
    """The deepest reduction, dB, 0..; 0.0 when it never worked."""
    deepest = largest(curve)
    return -20 * log10(1 - deepest) if deepest else 0.0


def seconds_working(curve: Curve) -> float:
    """How long sound is reduced by 0.1 dB or more."""
    return sum(int((part > _WORKING).sum()) for _, part in blocks(curve)) * STEP_SAMPLES / SAMPLE_RATE


def each_second_db(curve: Curve) -> list[float]:
    """The deepest reduction in each second, dB, 0..; the last may be shorter."""
    second = SAMPLE_RATE // STEP_SAMPLES
    seconds = (curve[start : min(start + second, len(curve) - 1)] for start in range(0, len(curve) - 1, second))
    deepest = (float(part.max()) for part in seconds)
    return [round(-20 * log10(1 - taken), 1) if taken else 0.0 for taken in deepest]

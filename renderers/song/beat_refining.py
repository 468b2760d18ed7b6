"""Beats between the frames of the curve that they were found in, with their neighbours' help; and how far they agree.

A single onset is 10 ms early or late, by the instrument that makes it; nine of them on a line tell where the beat is.
"""

import numpy as np
from numpy.typing import NDArray

from renderers.song.beat_onsets import FRAMES_A_SECOND, Numbers, nearby

_REACH, _OTHERS = 4, 2
"""Beats to either side that say where one is: beside it, and without it."""
_SEARCH = FRAMES_A_SECOND // 50
"""Frames around a beat in which its onset's top is looked for: 20 ms."""
_APART = 0.025
"""Seconds. A beat that lies further from its neighbours' line is where its own onset is: the tempo changes there."""
_EARLY = 0.003
"""Seconds by which a curve's top comes before what begins: drums 7 ms, soft notes 1 ms after."""
_NEAR = 1
"""Frames: an onset within 5 ms of where the neighbours say is theirs."""
_STRONG = 85
"""Per cent of all moments have less of an onset near than counts for one."""
_HEARD = 0.5
"""Nothing weaker does, in a curve whose deviation is 1."""
_DOUBT = 3
"""Beats without an onset that are counted in: of a few, many may lie well by chance."""


def _tops(strength: Numbers, frames: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """Where the curve is highest near each beat, in frames and parts of them, and how high."""
    padded = np.pad(strength, _SEARCH + 1)
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * _SEARCH + 3)[frames]
    place = near[:, 1:-1].argmax(axis=1) + 1
    rows = np.arange(len(frames))
    before, at, after = near[rows, place - 1], near[rows, place], near[rows, place + 1]
    bend = before - 2 * at + after
    aside = np.where(bend < 0, (before - after) / np.where(bend < 0, 2 * bend, 1), 0.0)
    return frames + place - _SEARCH - 1 + np.clip(aside, -0.5, 0.5), at


def _told(places: Numbers, weights: Numbers, reach: int, *, by_itself: bool) -> Numbers:
    """Where the beats around each say that it is: on the line that fits them best."""
    told = np.empty(len(places))
    for number in range(len(places)):
        first, last = max(0, number - reach), min(len(places), number + reach + 1)
        away, weight = np.arange(first, last) - number, weights[first:last].copy()
        if not by_itself:
            weight[number - first] = 0
        total = weight.sum()
        if np.count_nonzero(weight) < 2:
            told[number] = places[number]
            continue
        mean_away, mean = (weight * away).sum() / total, (weight * places[first:last]).sum() / total
        spread = (weight * np.square(away - mean_away)).sum()
        slope = (weight * (away - mean_away) * (places[first:last] - mean)).sum() / spread
        told[number] = mean - slope * mean_away
    return told


def refined(strength: Numbers, frames: NDArray[np.int64]) -> tuple[Numbers, float]:
    """When each beat of ``frames`` is, seconds; and the share of them with an onset where the others say, 0..1."""
    places, height = _tops(strength, frames)
    weights = np.minimum(height, np.median(height)) + 1e-3
    line = _told(places, weights, _REACH, by_itself=True)
    seconds = np.where(np.abs(line - places) > _APART * FRAMES_A_SECOND, places, line) / FRAMES_A_SECOND
    wide = nearby(strength, _NEAR)
    others = np.clip(np.round(_told(places, weights, _OTHERS, by_itself=False)), 0, len(strength) - 1).astype(np.int64)
    share = float((wide[others] > max(_HEARD, float(np.percentile(wide, _STRONG)))).sum()) / (len(frames) + _DOUBT)
    return np.maximum(0.0, seconds + _EARLY), share

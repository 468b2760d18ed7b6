"""The bed: how far music is taken down along one passage of speech, steady wherever that is possible.

A mixer sets music so far under a passage and leaves it there; only where three seconds of it would be nearer to the
voice, or further from it, than was asked does the fader move, and then slowly.
"""

import numpy as np
from numpy.typing import NDArray

from renderers.loudness.hops import WINDOW_HOPS, means
from renderers.loudness.meter import Powers

Decibels = NDArray[np.float64]

WITHIN_LU = 1.0
"""How far from the depth that is asked for the music may be in any 3 s."""
DEEPEST_DB = -30.0
"""Music is not taken further down: it would be gone."""
_LEFT_ALONE_LU = 0.7
"""Off by less, nothing moves; the rest of ``WITHIN_LU`` is for what the limiter does later."""
_NEAREST_LU = 0.9
"""No 3 s may be nearer to the voice than the depth less this, whatever becomes of the rest."""
_SLOPE_DB = 0.4
"""The most that the gain moves in a hop: 1.2 dB in a pause of 300 ms."""
_ROUNDS = 60
_SILENT = 1e-12


def windows(powers: Powers) -> Powers:
    """The mean of each 3 s, a hop after each other; of a shorter passage the mean of all of it."""
    return means(powers, min(WINDOW_HOPS, len(powers)))


def power_gains(gains: Decibels) -> Powers:
    """The factors of power that so many dB are."""
    return np.exp(gains * (np.log(10) / 10))


def depths(speaking: Powers, music: Powers) -> Decibels:
    """How far music is under speech in each window, LU."""
    under = np.maximum(windows(speaking), _SILENT) / np.maximum(windows(music), _SILENT)
    return 10 * np.log10(under)


def _over_hops(values: Decibels, hops: int) -> Decibels:
    """For each hop the sum over all windows that it is in."""
    length = hops - len(values) + 1
    sums = np.concatenate([np.zeros(length), np.cumsum(values), np.full(length - 1, values.sum())])
    return sums[length:] - sums[:-length]


def _highest_below(gains: Decibels) -> Decibels:
    """The highest curve that is nowhere above ``gains`` and no steeper than it may be."""
    line: Decibels = _SLOPE_DB * np.arange(len(gains), dtype=np.float64)
    rising: Decibels = np.minimum.accumulate(gains - line) + line
    return np.minimum.accumulate((rising + line)[::-1])[::-1] - line


def _no_steeper(gains: Decibels) -> Decibels:
    """The middle between the nearest curves below and above that are no steeper than they may be."""
    return (_highest_below(gains) - _highest_below(-gains)) / 2


def _moved(gains: Decibels, wanted: Decibels, music: Powers) -> Decibels:
    """Gains moved by what the windows around each hop want, the more by those of which the hop is a larger share."""
    shares = 1 / np.maximum(windows(music * power_gains(gains)), _SILENT)
    among = _over_hops(np.ones(len(shares)), len(gains))
    # Near an end few windows share a hop: were it to do alone what they want, the bed would bend there.
    moves = _over_hops(wanted * shares, len(gains)) / _over_hops(shares, len(gains)) * (among / among.max())
    return np.clip(gains + moves, DEEPEST_DB, 0)


def bed(speaking: Powers, music: Powers, depth_lu: float) -> Decibels:
    """Gain of each hop of a passage, dB, ``DEEPEST_DB``..0: music that is softer by itself is not raised."""
    whole = depths(speaking.mean(keepdims=True), music.mean(keepdims=True))
    gains = np.full(len(music), np.clip(float(whole[0]) - depth_lu, DEEPEST_DB, 0))
    for _ in range(_ROUNDS):
        room = depths(speaking, music * power_gains(gains)) - depth_lu
        gains = _no_steeper(_moved(gains, room - np.clip(room, -_LEFT_ALONE_LU, _LEFT_ALONE_LU), music))
    for _ in range(_ROUNDS):
        room = depths(speaking, music * power_gains(gains)) - depth_lu
        gains = _highest_below(_moved(gains, np.minimum(room + _NEAREST_LU, 0), music))
    return gains

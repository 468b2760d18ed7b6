"""Music gives way to speech: the gain that keeps it a number of LU under whoever speaks, and lets it come back."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from crowdcut.orders import Duck
from crowdcut.spoken import merged
from renderers.meter import HOP_SAMPLES, Powers
from renderers.pcm import Samples

_DEEPEST_DB = -30.0
"""Music is not taken further down: it would be gone."""
_WINDOW_HOPS = 30
"""3 s: short-term loudness (EBU Tech 3341)."""
_SLOPE_DB = 0.4
"""The most that the gain moves in a tenth of a second while somebody speaks: slower than anybody hears."""

Gains = NDArray[np.float32]
"""[shape=(n + 1,)] dB at the first sample of each hop of 100 ms, and at the end of the last; between them in a line."""


def _means(powers: Powers) -> Powers:
    """Each hop's mean over the 3 s around it; near an end over the first or the last 3 s, as far as there is sound."""
    sums = np.concatenate([[0.0], np.cumsum(powers)])
    length = min(_WINDOW_HOPS, len(powers))
    first = np.clip(np.arange(len(powers)) - length // 2, 0, len(powers) - length)
    return (sums[first + length] - sums[first]) / length


def _no_steeper(gains: Powers) -> Powers:
    """The highest gains that are nowhere above ``gains`` and move no quicker than they may."""
    line: Powers = _SLOPE_DB * np.arange(len(gains), dtype=np.float64)
    rising: Powers = np.minimum.accumulate(gains - line) + line
    return np.minimum.accumulate((rising + line)[::-1])[::-1] - line


def _under(speaking: Powers, music: Powers, depth_lu: float) -> Powers:
    """Gain of each hop of a stretch of speech that brings the music ``depth_lu`` under it, dB."""
    heard = 10 * np.log10(np.maximum(_means(speaking), 1e-12) / np.maximum(_means(music), 1e-12))
    return _no_steeper(np.clip(heard - depth_lu, _DEEPEST_DB, 0))


def _hops(samples: int) -> int:
    return max(1, round(samples / HOP_SAMPLES))


def gains_under(speech: Sequence[Sequence[int]], speaking: Powers, music: Powers, duck: Duck) -> Gains:
    """How far the music is taken down along the programme.

    speech : stretches from one programme sample to one exclusive.
    speaking, music : weighted powers of whoever speaks and of the music as it is, one a hop.
    """
    hops = min(len(speaking), len(music))
    gains = np.zeros(hops + 1)
    attack, release, hold = (_hops(one) for one in (duck.attack_samples, duck.release_samples, duck.hold_samples))
    # In a pause that is over before it is back the music stays down: it would only swell and sink.
    for start, end in merged(speech, duck.hold_samples + duck.release_samples + duck.attack_samples):
        first, last = start // HOP_SAMPLES, min(hops, -(-end // HOP_SAMPLES))
        if first >= last:
            continue
        own = _under(speaking[first:last], music[first:last], duck.depth_lu)
        before = own[0] * np.arange(1, attack + 1) / (attack + 1)
        after = own[-1] * np.concatenate([np.ones(hold), np.arange(release, 0, -1) / (release + 1)])
        whole = np.concatenate([before, own, after])
        begin = first - attack
        kept = slice(max(0, -begin), min(len(whole), hops + 1 - begin))
        place = slice(begin + kept.start, begin + kept.stop)
        gains[place] = np.minimum(gains[place], whole[kept])
    return gains.astype(np.float32)


def ducked(samples: Samples, gains: Gains, start: int) -> Samples:
    """``samples``, of which the first is programme sample ``start``, with the gains."""
    first, last = start // HOP_SAMPLES, -(-(start + samples.shape[1]) // HOP_SAMPLES)
    if not gains[first : last + 1].any():
        return samples
    at = (start + np.arange(samples.shape[1])) / HOP_SAMPLES
    decibels = np.interp(at, np.arange(len(gains)), gains)
    return samples * (10 ** (decibels / 20)).astype(np.float32)


def deepest_db(gains: Gains) -> float:
    """How far it was taken down at most, dB, 0.."""
    return float(-gains.min(initial=0))

"""Music gives way to speech: the gain along the programme, down before somebody speaks and back some time after it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crowdcut.sound.orders import Duck
from crowdcut.sound.spoken import Runs, merged
from renderers.loudness.hops import WINDOW_HOPS
from renderers.loudness.meter import HOP_SAMPLES, Powers
from renderers.mixing.bed import WITHIN_LU, bed, depths
from renderers.mixing.speech_band import MARGIN_SAMPLES, band_of
from renderers.sound.pcm import Samples, times

Gains = NDArray[np.float64]
"""[shape=(n + 1,)] dB at the first sample of each hop of 100 ms, and at the end of the last."""
_GAIN_STEPS = 100
"""Gains are rounded to a hundredth of a dB, so that they are the same on every machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How far under speech music came out, of all 3 s that lie within a passage of it, ten times a second."""

    depth_lu: float
    """What was asked for."""
    windows: int
    """All in which the music, left as it is, would be nearer than was asked."""
    within: int
    """Of these, as far under speech as was asked, give or take ``WITHIN_LU``."""
    nearer: int
    """Of these, nearer than that."""


def passages(speech: Iterable[Sequence[int]], duck: Duck) -> Runs:
    """Stretches of speech as one where music would not be back in the pause: it would only swell and sink."""
    return merged(speech, duck.hold_samples + duck.release_samples + duck.attack_samples)


def _hops_of(passage: Sequence[int], hops: int) -> slice:
    return slice(min(hops, passage[0] // HOP_SAMPLES), min(hops, -(-passage[1] // HOP_SAMPLES)))


def leading(speakers: Iterable[tuple[Runs, Powers]]) -> Powers:
    """The powers of whoever speaks: of several at once the first, whom the others lie under. 0 where nobody does."""
    heard = list(speakers)
    speaking = np.zeros(min((len(powers) for _, powers in heard), default=0))
    free = np.ones(len(speaking), bool)
    for runs, powers in heard:
        inside = np.zeros(len(speaking), bool)
        for run in runs:
            inside[_hops_of(run, len(speaking))] = True
        speaking = np.where(inside & free, powers[: len(speaking)], speaking)
        free &= ~inside
    return speaking


def _shape(own: Gains, duck: Duck) -> tuple[Gains, int]:
    """A passage's gains at the ends of its hops with the way there and back, and how many hops the former is."""
    attack, release = (max(1, round(one / HOP_SAMPLES)) for one in (duck.attack_samples, duck.release_samples))
    hold = round(duck.hold_samples / HOP_SAMPLES)
    ends = np.concatenate([own[:1], (own[1:] + own[:-1]) / 2, own[-1:]])
    before = own[0] * np.arange(attack) / attack
    after = own[-1] * np.concatenate([np.ones(hold), 1 - np.arange(1, release + 1) / release])
    return np.concatenate([before, ends, after]), attack


def gains_under(
    spoken: Iterable[Sequence[int]], speaking: Powers, music: Powers, duck: Duck, length_samples: int
) -> Gains:
    """How far the music is taken down along the programme.

    spoken : passages of speech, from one programme sample to one exclusive, in order.
    speaking, music : powers of whoever speaks and of the music as it is, a hop each.
    """
    hops = min(len(speaking), len(music))
    gains = np.zeros(-(-length_samples // HOP_SAMPLES) + 1)
    for passage in spoken:
        within = _hops_of(passage, hops)
        if within.start >= within.stop:
            continue
        whole, attack = _shape(bed(speaking[within], music[within], duck.depth_lu), duck)
        begin = within.start - attack
        kept = slice(max(0, -begin), min(len(whole), len(gains) - begin))
        place = slice(begin + kept.start, begin + kept.stop)
        gains[place] = np.minimum(gains[place], whole[kept])
    return np.rint(gains * _GAIN_STEPS) / _GAIN_STEPS


def hop_gains(gains: Gains) -> Powers:
    """The factor of each hop's power: the mean square of amplitudes that go straight from its one end to the other."""
    ends = 10 ** (gains / 20)
    powers: Powers = (ends[1:] ** 2 + ends[1:] * ends[:-1] + ends[:-1] ** 2) / 3
    return powers


def depth_of(spoken: Iterable[Sequence[int]], speaking: Powers, music: Powers, gains: Gains, duck: Duck) -> Depth:
    """What the gains made of it; arguments as of :func:`gains_under`."""
    hops = min(len(speaking), len(music))
    ducked = music[:hops] * hop_gains(gains)[:hops]
    counted = within = nearer = 0
    for passage in spoken:
        inside = _hops_of(passage, hops)
        if inside.stop - inside.start < WINDOW_HOPS:
            continue
        loud = depths(speaking[inside], music[inside]) < duck.depth_lu
        off = depths(speaking[inside], ducked[inside])[loud] - duck.depth_lu
        counted += len(off)
        within += int((np.abs(off) <= WITHIN_LU).sum())
        nearer += int((off < -WITHIN_LU).sum())
    return Depth(depth_lu=duck.depth_lu, windows=counted, within=within, nearer=nearer)


def _amplitudes(gains: Gains, start: int, length: int) -> NDArray[np.float32] | None:
    """The factor of each of ``length`` samples from programme sample ``start`` on: straight from hop to hop; None where
    nothing is taken away."""
    first, last = start // HOP_SAMPLES, -(-(start + length) // HOP_SAMPLES)
    part = gains[first : last + 1]
    if not part.any():
        return None
    ends = (10 ** (part / 20)).astype(np.float32)
    way = np.arange(HOP_SAMPLES, dtype=np.float32) / HOP_SAMPLES
    whole = (ends[:-1, None] + np.diff(ends)[:, None] * way).astype(np.float32).reshape(-1)
    skipped = start - first * HOP_SAMPLES
    return whole[skipped : skipped + length]


def ducked(samples: Samples, gains: Gains, start: int) -> Samples:
    """``samples``, of which the first is programme sample ``start``, with the gains."""
    amplitudes = _amplitudes(gains, start, samples.shape[1])
    return samples if amplitudes is None else times(samples, amplitudes)


def carved(wide: Samples, gains: Gains, start: int) -> Samples:
    """The same with the gains in the band of speech alone; ``wide`` has ``MARGIN_SAMPLES`` more at both ends."""
    samples = wide[:, MARGIN_SAMPLES : wide.shape[1] - MARGIN_SAMPLES]
    amplitudes = _amplitudes(gains, start, samples.shape[1])
    if amplitudes is None:
        return samples
    return samples - band_of(wide) * np.subtract(1, amplitudes, dtype=np.float32)


def deepest_db(gains: Gains) -> float:
    """How far it was taken down at most, dB, 0.."""
    return float(-gains.min(initial=0))

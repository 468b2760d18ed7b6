"""The true peak that is found by looking at hardly any of a sound, held against that of all of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers.loudness import highest_peak
from renderers.loudness.highest_peak import BEND_GAIN, OWN_GAIN, HighestPeak
from renderers.loudness.meter import Meter, StepMeter, having_taken
from renderers.loudness.true_peak import TIMES, PeakFinder
from renderers.sound.pcm import silence
from renderers.sound.resample import Resampler

RATE = 48_000


def _sound(seed, length, smooth, *, silent_side, burst):
    """Noise whose level changes every 4 ms, brighter or duller: [shape=(2, length)]."""
    rng = np.random.default_rng(seed)
    sound = rng.standard_normal((2, length + smooth)) * 0.3
    sound = np.stack([np.convolve(side, np.ones(smooth) / smooth, "same")[:length] for side in sound])
    sound *= np.repeat(10 ** (rng.uniform(-60, 0, length // 200 + 1) / 20), 200)[:length]
    sound[1, :] *= not silent_side
    sound[:, -burst:] *= 9 if burst else 1
    return sound.astype(np.float32)


def _cut(sound, sizes):
    edges = np.cumsum(np.resize(sizes, sound.shape[1] // min(sizes) + 1))
    return [block for block in np.split(sound, edges, axis=1) if block.shape[1]]


def _highest(sound, sizes):
    finder = HighestPeak()
    for block in _cut(sound, sizes):
        finder.take(block)
    return finder.amplitude()


def _true(sound):
    finder = PeakFinder()
    return float(max(part.max(initial=0) for part in (finder.take(sound), finder.rest())))


_SOUNDS = st.builds(
    _sound,
    st.integers(0, 2**32),
    st.integers(0, 30_000),
    st.sampled_from([1, 3, 8]),
    silent_side=st.booleans(),
    burst=st.sampled_from([0, 0, 5, 40]),
)


@settings(max_examples=60, deadline=None)
@given(_SOUNDS, st.lists(st.integers(100, 9_000), min_size=1, max_size=4))
def test_it_is_that_of_the_whole_sound(sound, sizes):
    assert _highest(sound, sizes) == _true(sound)


def _between_samples():
    """Half a second in whose middle, after what is as loud, is a tone that reaches highest between its samples."""
    sound = silence(RATE // 2)
    sound[:, 4_000] = 0.75
    tone = np.sin(2 * np.pi * RATE / 4 * np.arange(480) / RATE + np.pi / 4)
    sound[:, 10_000:10_480] = tone * np.hanning(480)
    return sound


@pytest.mark.parametrize("measured", [True, False])
def test_what_bends_between_samples_counts(monkeypatch, measured):
    """Its samples alone are lower than what came before."""
    if not measured:
        monkeypatch.setattr(highest_peak, "BEND_GAIN", np.float32(0))
    sound = _between_samples()
    assert np.abs(sound[:, 9_000:]).max() < 0.75
    assert _true(sound) > 0.95
    assert (_highest(sound, [48_000]) == _true(sound)) == measured


def test_the_filter_bends_no_further():
    """The gains, from the resampler's answer to a single sample."""
    impulse, at = silence(8_192), 4_096
    impulse[:, at] = 1
    resampler = Resampler(RATE, TIMES * RATE)
    answer = np.concatenate([resampler.take(impulse), resampler.rest()], axis=1)[0].astype(np.float64)
    places = np.arange(-40, 41)
    for phase in range(TIMES):
        weights = answer[TIMES * (at - places) + phase]
        assert not weights[(places < -16) | (places > 16)].any()
        aside = phase / TIMES
        line = (1 - aside) * (places == 0) + aside * (places == 1)
        rest = weights - line
        drift = rest.sum()
        slope = (places * rest).sum()
        rest += (slope - drift) * (places == 0) - slope * (places == 1)
        assert abs(drift) + 2 * abs(slope) < OWN_GAIN - 1 - 1e-4
        assert np.abs(np.cumsum(np.cumsum(rest))).sum() < BEND_GAIN - 0.01


@pytest.mark.parametrize("spared", [True, False])
def test_what_is_soft_is_not_oversampled(monkeypatch, spared):
    seen = []

    class Counting(PeakFinder):
        def take(self, samples):
            seen.append(samples.shape[1])
            return super().take(samples)

    monkeypatch.setattr(highest_peak, "PeakFinder", Counting)
    if not spared:
        monkeypatch.setattr(highest_peak, "BEND_GAIN", np.float32(1e9))
    wave = np.sin(2 * np.pi * 440 * np.arange(2 * RATE) / RATE) * np.repeat([0.5, 0.3], RATE)
    _highest(np.stack([wave, wave]).astype(np.float32), [4_800])
    assert (sum(seen) < 1.1 * RATE) == spared


def test_a_meter_tells_it_with_or_without_steps():
    sound = _sound(7, 2 * RATE, 3, silent_side=False, burst=0)
    plain, stepped = (having_taken(one, _cut(sound, [4_801])).loudness() for one in (Meter(), StepMeter()))
    assert plain == stepped
    assert plain.true_peak is not None

"""The limiter: true peaks kept, nothing else touched, whatever the parts that are asked for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers.loudness.limiter import each_second_db, limited, max_reduction_db, reductions, seconds_working
from renderers.loudness.meter import StepMeter, measured
from renderers.loudness.true_peak import amplitude

RATE = 48_000
TIME = np.arange(4 * RATE) / RATE


def _quarter():
    """A sine at a quarter of the rate, sampled at 45 degrees: its peaks lie 3 dB over its samples."""
    return np.stack([np.sin(2 * np.pi * 12_000 * TIME + np.pi / 4)] * 2) * 2


def _noise():
    return np.random.default_rng(2).standard_normal((2, len(TIME))) * 0.7


def _clicks():
    sound = np.zeros((2, len(TIME)))
    sound[:, ::4_801] = 3
    return sound


def _square():
    wave = np.sign(np.sin(2 * np.pi * 97 * TIME)) * 1.5
    return np.stack([wave, -wave])


def _beating():
    wave = np.sin(2 * np.pi * 15_000 * TIME) * (1 + np.sin(2 * np.pi * 3 * TIME))
    return np.stack([wave, 0.3 * wave])


HARD = {make.__name__[1:]: make for make in (_quarter, _noise, _clicks, _square, _beating)}


def _curve(sound, ceiling=-1.0):
    meter = StepMeter()
    meter.take(sound.astype(np.float32))
    meter.loudness()
    return reductions(meter.peaks, np.full(len(meter.peaks), amplitude(ceiling), np.float32))


def _through(sound, ceiling=-1.0, size=RATE):
    sound, curve = sound.astype(np.float32), _curve(sound, ceiling)
    parts = [limited(sound[:, at : at + size], curve, start=at) for at in range(0, sound.shape[1], size)]
    return np.concatenate([sound[:, :0], *parts], axis=1), curve


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("ceiling", [-1.0, -9.0])
def test_true_peaks_meet_the_ceiling_and_never_pass_it(name, ceiling):
    sound = HARD[name]()
    found, curve = _through(sound, ceiling)
    assert found.shape == sound.shape
    assert measured([found]).true_peak == pytest.approx(ceiling, abs=0.01)
    assert measured([found]).true_peak <= ceiling
    assert max_reduction_db(curve) == pytest.approx(measured([sound.astype(np.float32)]).true_peak - ceiling, abs=0.02)


def test_sound_under_the_ceiling_is_untouched():
    sound = (_noise() * 0.1).astype(np.float32)
    found, curve = _through(sound)
    assert np.array_equal(found, sound)
    assert (max_reduction_db(curve), seconds_working(curve)) == (0.0, 0.0)


def test_the_work_of_each_second_is_told():
    sound = np.full((2, RATE * 7 // 2), 0.25)
    sound[:, RATE * 5 // 4 : RATE * 5 // 4 + 48] = 1.0
    _, curve = _through(sound)
    assert each_second_db(curve) == [0.0, pytest.approx(max_reduction_db(curve), abs=0.06), 0.0, 0.0]


def test_a_peak_is_met_by_a_curve_without_steps_that_lets_go_again():
    carrier = np.full((2, RATE), 0.25)
    carrier[:, RATE // 2] = 2.0
    found, _ = _through(carrier)
    gain = found[0] / carrier[0].astype(np.float32)
    assert np.abs(np.diff(gain)).max() < 0.01
    assert gain[: RATE // 2 - 400] == pytest.approx(1)
    assert gain[RATE // 2 + RATE * 2 // 5 :] == pytest.approx(1, abs=0.001)


def test_loudness_away_from_the_peaks_stays():
    steady = np.stack([0.2 * np.sin(2 * np.pi * 997 * np.arange(12 * RATE) / RATE)] * 2)
    pushed = steady.copy()
    pushed[:, 6 * RATE : 6 * RATE + 4_800] *= 10
    found, _ = _through(pushed)
    before, after = measured([pushed.astype(np.float32)]).short_term, measured([found]).short_term
    away = [second for second in range(2, 12) if second < 6 or second > 9]
    assert [after[second] for second in away] == pytest.approx([before[second] for second in away], abs=0.1)


def test_a_peak_at_the_very_start_and_end_is_kept():
    sound = np.zeros((2, 10_000))
    sound[:, :40] = sound[:, -40:] = 2.0
    assert (measured([_through(sound)[0]]).true_peak or 0) <= -1.0


def test_a_ceiling_may_be_lower_for_a_while():
    sound = _noise()
    meter = StepMeter()
    meter.take(sound.astype(np.float32))
    meter.loudness()
    ceilings = np.full(len(meter.peaks), amplitude(-1), np.float32)
    ceilings[2_000:2_100] = amplitude(-6)
    found = limited(sound.astype(np.float32), reductions(meter.peaks, ceilings), start=0)
    plain = _through(sound)[0]
    lower = slice(2 * RATE, 2 * RATE + RATE // 10)
    assert (measured([found[:, lower]]).true_peak or 0) <= -6 + 0.1
    away = slice(0, 2 * RATE - RATE // 50)
    assert np.array_equal(found[:, away], plain[:, away])


@settings(max_examples=12, deadline=None)
@given(size=st.integers(60, 30_000), name=st.sampled_from(sorted(HARD)))
def test_a_part_is_the_same_as_in_the_whole(size, name):
    sound = HARD[name]()[:, : RATE // 2]
    assert np.array_equal(_through(sound, size=size)[0], _through(sound)[0])


@pytest.mark.parametrize("length", [0, 1, 100, 4_095, 4_097])
def test_short_sounds_keep_their_length(length):
    assert _through(np.full((2, length), 2.0))[0].shape == (2, length)

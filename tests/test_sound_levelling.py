"""Levelling: the gain that is reckoned from peaks and powers is the one that measuring would find."""

import numpy as np
import pytest

from renderers.loudness.levelling import MAX_RAISE_DB, Mix, level_of, settled
from renderers.loudness.meter import StepMeter, gated, measured
from renderers.loudness.true_peak import STEP_SAMPLES, amplitude
from renderers.sound.steps import largest

RATE = 48_000


def _mix(folder, sound):
    path = folder / "mix.f32"
    path.write_bytes(np.ascontiguousarray(sound.T, dtype="<f4").tobytes())
    meter = StepMeter()
    meter.take(sound.astype(np.float32))
    heard = meter.loudness()
    return Mix(
        path=path,
        length_samples=sound.shape[1],
        integrated=heard.integrated,
        peaks=meter.peaks,
        powers=meter.powers,
    )


def _drums(seconds=10):
    time = np.arange(seconds * RATE) / RATE
    wave = 0.1 * np.sin(2 * np.pi * 440 * time) + np.sin(2 * np.pi * 70 * time) * np.exp(-(time % 0.5) * 12)
    return np.stack([wave, 0.8 * wave]) * 0.3


def _ceilings(mix, dbtp=-1.0):
    return np.full(len(mix.peaks), amplitude(dbtp), np.float32)


@pytest.mark.parametrize("aim_lufs", [-20.0, -14.0, -11.0])
def test_it_is_at_its_loudness_whatever_the_limiter_takes(tmp_path, aim_lufs):
    mix = _mix(tmp_path, _drums())
    level = settled(mix, aim_lufs, _ceilings(mix))
    assert measured(level.blocks(mix, 0, mix.length_samples)).integrated == pytest.approx(aim_lufs, abs=0.2)
    assert (largest(level.curve) > 0) == (aim_lufs > -15)


def test_it_is_not_raised_without_end(tmp_path):
    mix = _mix(tmp_path, _drums() * 0.01)
    assert settled(mix, -14.0, _ceilings(mix)).gain_db == MAX_RAISE_DB


@pytest.mark.parametrize("seconds", [0, 0.02, 0.3, 2])
def test_silence_is_left_as_it_is(tmp_path, seconds):
    mix = _mix(tmp_path, np.zeros((2, int(seconds * RATE))))
    level = settled(mix, -14.0, _ceilings(mix))
    assert level.gain_db == 0
    assert not any(block.any() for block in level.blocks(mix, 0, mix.length_samples))


def test_powers_give_the_integrated_loudness(tmp_path):
    sound = _drums()
    sound[:, 4 * RATE : 6 * RATE] *= 0.001
    mix = _mix(tmp_path, sound)
    assert gated(mix.powers) == pytest.approx(mix.integrated, abs=0.05)
    assert gated(mix.powers * 0) is None


def test_what_changed_is_where_the_curve_did(tmp_path):
    mix = _mix(tmp_path, _drums())
    ceilings = _ceilings(mix)
    before = level_of(mix, 10.0, ceilings)
    assert before.changed(None, mix.length_samples) == [(0, mix.length_samples)]
    assert level_of(mix, 10.0, ceilings).changed(before, mix.length_samples) == []
    assert level_of(mix, 9.0, ceilings).changed(before, mix.length_samples) == [(0, mix.length_samples)]
    lower = ceilings.copy()
    lower[3_000:3_050] /= 2
    after = level_of(mix, 10.0, lower)
    ((start, end),) = after.changed(before, mix.length_samples)
    assert 2_900 <= start // STEP_SAMPLES <= 3_000
    assert 3_050 <= end // STEP_SAMPLES <= 4_500
    whole = [np.concatenate([*level.blocks(mix, 0, mix.length_samples)], axis=1) for level in (before, after)]
    different = np.flatnonzero((whole[0] != whole[1]).any(axis=0))
    assert start <= different[0] <= different[-1] < end

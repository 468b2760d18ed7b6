"""The meter, held against two others: pyloudnorm and ffmpeg's own ebur128."""

from time import process_time

import numpy as np
import pytest
from other_meters import by_ffmpeg, by_pyloudnorm

from renderers.loudness import meter
from renderers.loudness.meter import LoudnessMeter, gated, having_taken, measured
from renderers.loudness.running import RunningMeter

RATE = 48_000


def _programme(seed):
    """Twelve seconds, loud and soft by turns, with hard transients: [shape=(2, n)]."""
    rng = np.random.default_rng(seed)
    length = 12 * RATE
    level = np.repeat(10 ** (rng.uniform(-35, -12, 12) / 20), RATE)
    sound = rng.standard_normal((2, length)) * level * 0.4
    sound[:, rng.integers(0, length, 20)] *= 6
    sound[0] += 0.1 * np.sin(2 * np.pi * 60 * np.arange(length) / RATE)
    return sound.astype(np.float32)


def _blocks(sound, size=4_801):
    return (sound[:, start : start + size] for start in range(0, sound.shape[1], size))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_agrees_with_ffmpeg(seed):
    sound = _programme(seed)
    theirs, found = by_ffmpeg(sound), measured(_blocks(sound))
    assert found.integrated == pytest.approx(theirs.integrated, abs=0.02)
    assert found.range_lu == pytest.approx(theirs.range_lu, abs=0.1)
    assert found.true_peak == pytest.approx(theirs.true_peak, abs=0.1)
    assert found.max_momentary == pytest.approx(theirs.max_momentary, abs=0.02)
    assert found.max_short_term == pytest.approx(theirs.max_short_term, abs=0.02)
    assert found.length_samples == sound.shape[1]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_agrees_with_pyloudnorm(seed):
    sound = _programme(seed)
    assert measured(_blocks(sound)).integrated == pytest.approx(by_pyloudnorm(sound), abs=0.1)


def test_tones_read_as_tech_3341_asks():
    """EBU Tech 3341, cases 1 and 3: 1 kHz at -23 dBFS reads -23; -36, -23 and -36 dBFS by turns reads -23."""
    wave = np.sin(2 * np.pi * 1_000 * np.arange(20 * RATE) / RATE)
    steady = np.stack([wave, wave]).astype(np.float32) * 10 ** (-23 / 20)
    found = measured(_blocks(steady))
    assert found.integrated == pytest.approx(-23, abs=0.1)
    assert found.max_short_term == pytest.approx(-23, abs=0.1)
    assert found.max_momentary == pytest.approx(-23, abs=0.1)
    assert found.short_term[:2] == (None, None)
    assert found.short_term[2:] == pytest.approx([-23] * 18, abs=0.1)
    softer = steady[:, : 5 * RATE] * 10 ** (-13 / 20)
    assert measured([softer, steady, softer]).integrated == pytest.approx(-23, abs=0.1)


def test_readings_do_not_depend_on_the_blocks():
    sound = _programme(4)
    assert measured(_blocks(sound, 777)) == measured([sound])


@pytest.mark.parametrize("length", [0, 1, 3_000, 200_000])
def test_silence_reads_nothing(length):
    found = measured([np.zeros((2, length), np.float32)])
    assert (found.integrated, found.true_peak, found.max_short_term) == (None, None, None)
    assert found.length_samples == length


def test_silence_after_sound_has_no_power():
    """FFmpeg's filter reads NaN there, where its sliding sum ends a hair below nothing."""
    rng = np.random.default_rng(11)
    meter = LoudnessMeter()
    for level in (0.3, 0.001, 0.7):
        for _ in range(20):
            meter.take((rng.standard_normal((2, RATE // 2)) * level).astype(np.float32))
        meter.take(np.zeros((2, 5 * RATE), np.float32))
    assert np.isfinite(meter.powers).all()
    assert meter.powers[-1] < 1e-8
    assert gated(meter.powers) is not None


@pytest.mark.parametrize("kind", [LoudnessMeter, RunningMeter])
def test_silence_after_sound_takes_no_longer_than_sound(kind):
    """Filters that fade out into denormal numbers took 15 and 40 times as long."""
    sound = _programme(4)

    def seconds(blocks):
        started = process_time()
        having_taken(kind(), blocks)
        return process_time() - started

    loud = min(seconds([sound] * 4) for _ in range(2))
    silent = min(seconds([sound, *[np.zeros_like(sound)] * 3]) for _ in range(2))
    assert silent < 3 * loud


def test_what_keeps_filters_awake_is_not_read(monkeypatch):
    sound = _programme(5)
    sound[:, 4 * RATE : 9 * RATE] = 0
    found = having_taken(LoudnessMeter(), _blocks(sound)).reading()
    monkeypatch.setattr(meter, "kept_normal", lambda samples: samples)
    assert having_taken(LoudnessMeter(), _blocks(sound)).reading() == found
    silent = having_taken(LoudnessMeter(), [np.zeros_like(sound)]).reading()
    monkeypatch.undo()
    assert having_taken(LoudnessMeter(), [np.zeros_like(sound)]).reading() == silent

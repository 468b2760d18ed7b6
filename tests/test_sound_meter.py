"""The meter, held against two others: pyloudnorm and ffmpeg's own ebur128."""

import re
import subprocess

import imageio_ffmpeg
import numpy as np
import pytest

from renderers.meter import LoudnessMeter, gated, measured

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


def _ffmpeg_reading(sound):
    """Integrated, LRA and true peak by the ffmpeg program."""
    program = imageio_ffmpeg.get_ffmpeg_exe()
    raw = np.ascontiguousarray(sound.T, dtype="<f4").tobytes()
    arguments = ["-f", "f32le", "-ar", "48000", "-ac", "2", "-i", "-", "-af", "ebur128=peak=true", "-f", "null", "-"]
    done = subprocess.run([program, "-nostats", *arguments], input=raw, capture_output=True, check=True)
    summary = done.stderr.decode().rpartition("Summary:")[2]
    return [float(re.search(name + r":\s+(-?[\d.]+)", summary)[1]) for name in ("I", "LRA", "Peak")]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_agrees_with_ffmpeg(seed):
    sound = _programme(seed)
    integrated, loudness_range, peak = _ffmpeg_reading(sound)
    found = measured(_blocks(sound))
    assert found.integrated == pytest.approx(integrated, abs=0.11)
    assert found.range_lu == pytest.approx(loudness_range, abs=0.11)
    assert found.true_peak == pytest.approx(peak, abs=0.11)
    assert found.length_samples == sound.shape[1]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_agrees_with_pyloudnorm(seed):
    pyloudnorm = pytest.importorskip("pyloudnorm")
    sound = _programme(seed)
    integrated = pyloudnorm.Meter(RATE).integrated_loudness(sound.T.astype(np.float64))
    assert measured(_blocks(sound)).integrated == pytest.approx(integrated, abs=0.1)


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

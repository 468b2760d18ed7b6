"""The meter reads the signals of EBU Tech 3341 (V4, table 1) and Tech 3342 (table 1) as these documents ask.

Left out: 3341 case 6 (five channels: the programme has two) and the authentic programmes (3341 cases 7 and 8, 3342
cases 5 and 6), files that only the EBU hands out; ``test_sound_meter`` holds the meter against two others instead.
"""

import numpy as np
import pytest

from renderers.loudness.meter import LoudnessMeter, measured
from renderers.loudness.running import RunningMeter

RATE = 48_000


def tone(dbfs, seconds):
    """1 kHz in both channels; [shape=(2, n)]."""
    wave = 10 ** (dbfs / 20) * np.sin(2 * np.pi * 1_000 * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([wave, wave]).astype(np.float32)


def gap(seconds):
    return np.zeros((2, round(seconds * RATE)), np.float32)


def blocks(sound, size=48_000):
    return (sound[:, start : start + size] for start in range(0, sound.shape[1], size))


def in_a_row(*parts):
    return np.concatenate(parts, axis=1)


def running(sound, size=48_000):
    meter = RunningMeter()
    for block in blocks(sound, size):
        meter.take(block)
    return meter


@pytest.mark.parametrize(("case", "dbfs"), [(1, -23.0), (2, -33.0)])
def test_a_steady_tone_reads_its_level_on_all_scales(case, dbfs):
    sound = tone(dbfs, 20)
    found, fine = measured(blocks(sound)), running(sound)
    for value in (found.integrated, found.max_momentary, found.max_short_term, fine.max_momentary, fine.max_short_term):
        assert value == pytest.approx(dbfs, abs=0.1), case


GATED = {
    3: [(-36, 10), (-23, 60), (-36, 10)],
    4: [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)],
    5: [(-26, 20), (-20, 20.1), (-26, 20)],
}


@pytest.mark.parametrize("case", GATED)
def test_integrated_loudness_is_gated(case):
    assert measured(blocks(in_a_row(*(tone(*part) for part in GATED[case])))).integrated == pytest.approx(-23, abs=0.1)


def test_case_9_short_term_is_steady_where_tones_alternate():
    found = measured(blocks(in_a_row(*[tone(-20, 1.34), tone(-30, 1.66)] * 5)))
    assert found.short_term[2:] == pytest.approx([-23] * 13, abs=0.1)


@pytest.mark.parametrize("number", range(20))
def test_cases_10_and_13_the_loudest_is_found_wherever_it_begins(number):
    assert running(in_a_row(gap(0.15 * number), tone(-23, 3), gap(1))).max_short_term == pytest.approx(-23, abs=0.1)
    assert running(in_a_row(gap(0.02 * number), tone(-23, 0.4), gap(1))).max_momentary == pytest.approx(-23, abs=0.1)


def test_case_11_and_14_each_louder_tone_is_the_loudest_yet():
    """Short-term (3 s, steps of 150 ms) and momentary (400 ms, steps of 20 ms): -38, -37 ... -19 in their order."""
    for length, step, name in ((3, 0.15, "max_short_term"), (0.4, 0.02, "max_momentary")):
        meter = RunningMeter()
        for number in range(20):
            part = in_a_row(gap(number * step), tone(-38 + number, length), gap(length - number * step))
            for block in blocks(part, 4_801):
                meter.take(block)
            assert getattr(meter, name) == pytest.approx(-38 + number, abs=0.1)


def test_case_12_momentary_is_steady_where_tones_alternate():
    sound = in_a_row(*[tone(-20, 0.18), tone(-30, 0.22)] * 25)
    assert running(sound).max_momentary == pytest.approx(-23, abs=0.1)
    assert 10 * np.log10(measured_powers(sound)[6:]) - 0.691 == pytest.approx(-23, abs=0.1)


def measured_powers(sound):
    """Of each gating block of 400 ms."""
    meter = LoudnessMeter()
    for block in blocks(sound):
        meter.take(block)
    return meter.powers


def faded(wave):
    """10 ms at both ends."""
    ages = np.arange(len(wave))
    sound = (wave * np.clip(np.minimum(ages, ages[::-1]) / 480, 0, 1)).astype(np.float32)
    return np.stack([sound, sound])


@pytest.mark.parametrize(
    ("case", "part", "phase", "amplitude", "wanted"),
    [(15, 4, 0, 0.5, -6), (16, 4, 45, 0.5, -6), (17, 6, 60, 0.5, -6), (18, 8, 67.5, 0.5, -6), (19, 4, 45, 1.41, 3)],
)
def test_true_peaks_between_samples(case, part, phase, amplitude, wanted):
    wave = amplitude * np.sin(2 * np.pi * np.arange(RATE) / part + np.deg2rad(phase))
    assert wanted - 0.4 <= measured(blocks(faded(wave))).true_peak <= wanted + 0.2, case


@pytest.mark.parametrize("offset", range(4))
def test_cases_20_to_23_one_louder_period_is_found_wherever_it_is_sampled(offset):
    """A period of fs/4 at full scale within fs/6 at half, made at 4 fs, low-passed, and each fourth sample kept."""
    around = 0.5 * np.sin(2 * np.pi * np.arange(24 * 1_000) / 24)
    period = np.sin(2 * np.pi * np.arange(16) / 16)
    reach = np.arange(-256, 257)
    lowpass = np.sinc(reach / 4) * np.blackman(513) / 4
    wave = np.convolve(np.concatenate([around, period, around]), lowpass, "same")[offset::4]
    assert -0.4 <= measured(blocks(faded(wave))).true_peak <= 0.2


RANGES = {
    1: ([(-20, 20), (-30, 20)], 10),
    2: ([(-20, 20), (-15, 20)], 5),
    3: ([(-40, 20), (-20, 20)], 20),
    4: ([(-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)], 15),
}


@pytest.mark.parametrize("case", RANGES)
def test_tech_3342_loudness_range(case):
    """The document allows 1 LU; 0.1 was found."""
    parts, wanted = RANGES[case]
    assert measured(blocks(in_a_row(*(tone(*part) for part in parts)))).range_lu == pytest.approx(wanted, abs=0.1)


def test_ten_readings_a_second_are_too_few_for_case_13():
    """Why there is a meter of its own for the loudest moment."""
    sound = in_a_row(gap(0.06), tone(-23, 0.4), gap(1))
    assert measured(blocks(sound)).max_momentary < -23.1


def test_running_readings_do_not_depend_on_the_blocks():
    sound = in_a_row(gap(0.5), tone(-30, 2), tone(-20, 2))
    whole, parts = running(sound, 10**6), running(sound, 777)
    assert (whole.max_momentary, whole.max_short_term) == (parts.max_momentary, parts.max_short_term)


def test_silence_and_what_is_too_short_read_nothing():
    assert (running(gap(4)).max_momentary, running(gap(4)).max_short_term) == (None, None)
    assert (running(tone(-20, 0.3)).max_momentary, running(tone(-20, 2.9)).max_short_term) == (None, None)
    assert running(gap(0)).max_momentary is None

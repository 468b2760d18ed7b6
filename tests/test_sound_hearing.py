"""What is wrong with a contribution's sound is found, told and mended; what is well is left alone."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hearing_making import RATE, heard, level_db, mains, prepared, spoken, written

from crowdcut.sound.hearing import (
    Clipping,
    Hearing,
    clipping_told,
    hearing_told,
    repair_told,
    treatment_of,
    treatment_told,
)
from crowdcut.sound.orders import USUAL_REPAIR, Repair
from renderers import listen
from renderers.hearing import clipping

HUM = Repair(hum=True)
MULTIPLES = {1: 0.02, 2: 0.01, 3: 0.012, 4: 0.004}


def shouted(*, rate: int, times: tuple[float, ...], seconds: float = 6.0) -> np.ndarray:
    """[shape=(n, 1)] a voice that is 12 dB too loud for its recorder at ``times``, for 0.3 s each."""
    sound = spoken(seconds=seconds, rate=rate)
    sound *= 0.5 / np.abs(sound).max()
    for time in times:
        sound[int(time * rate) : int((time + 0.3) * rate)] *= 4
    return sound


def flat_samples(stored: np.ndarray) -> int:
    """Samples in runs of three and more at either end of what is stored, [shape=(n,)]: counted the slow way."""
    total = 0
    for level in (stored.max(), stored.min()):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], stored == level, [False]])))
        runs = edges[1::2] - edges[::2]
        total += int(runs[runs >= 3].sum())
    return total


@pytest.mark.parametrize(("name", "rate", "codec"), [
    ("full.wav", 48_000, "pcm_s16le"), ("deep.wav", 44_100, "pcm_s24le"), ("phone.wav", 8_000, "pcm_s16le"),
    ("real.wav", 96_000, "pcm_f32le"), ("packed.flac", 48_000, "flac"),
])  # fmt: skip
def test_clipped_samples_are_counted(tmp_path: Path, name: str, rate: int, codec: str) -> None:
    """Also where the clipped recording was turned down afterwards: 2.5 dB here."""
    clipped = 0.75 * np.clip(shouted(rate=rate, times=(1.0, 2.6, 4.2)), -1, 1)
    stored = np.round(clipped * 32768) if "s16" in codec or codec == "flac" else clipped
    found = heard(written(tmp_path / name, clipped, rate=rate, codec=codec))["hearing"]["clipping"]
    assert found["samples"] == pytest.approx(flat_samples(stored[:, 0]), rel=0.02)
    assert found["places"] == 3
    assert found["first_sample"] == pytest.approx(RATE, abs=0.35 * RATE)
    first = np.flatnonzero(np.abs(clipped[:, 0]) > 0.7499)[0] / rate * RATE
    assert found["first_sample"] == pytest.approx(first, abs=RATE / 20)


def test_one_clipped_side_is_enough_and_runs_over_the_joints_of_blocks_count_once(tmp_path, monkeypatch) -> None:
    sound = np.hstack([spoken(seconds=6, seed=1), np.clip(shouted(rate=RATE, times=(2.0,)), -1, 1)])
    path = written(tmp_path / "side.wav", sound)
    found = [heard(path)["hearing"]["clipping"]]
    monkeypatch.setattr(clipping, "_BLOCK", 1)
    found.append(heard(path)["hearing"]["clipping"])
    assert found[0] == found[1]
    assert found[0]["places"] == 1


def low_tone(*, level: float) -> np.ndarray:
    return level * np.sin(2 * np.pi * 55 * np.arange(4 * RATE) / RATE)[:, None]


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_u8", "pcm_mulaw"])
@pytest.mark.parametrize("sound", [spoken(seconds=4, level=0.2), low_tone(level=0.1), low_tone(level=0.999)])
def test_what_is_round_at_the_top_is_not_clipped(tmp_path: Path, sound: np.ndarray, codec: str) -> None:
    assert np.abs(sound).max() < 1
    assert "clipping" not in heard(written(tmp_path / "round.wav", sound, codec=codec))["hearing"]


def test_a_rule_without_the_files_own_steps_would_call_a_low_tone_clipped(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(clipping, "_STEPS_LEAST", 0)
    assert "clipping" in heard(written(tmp_path / "round.wav", low_tone(level=0.1)))["hearing"]


@pytest.mark.parametrize(("hertz", "rate", "channels"), [(49.96, 48_000, 2), (60.02, 44_100, 1)])
def test_hum_is_found_and_taken_out_from_the_first_moment_on(tmp_path: Path, hertz, rate, channels) -> None:
    voice, hum = spoken(seconds=8, rate=rate), mains(seconds=8, hertz=hertz, multiples=MULTIPLES, rate=rate)
    path = written(tmp_path / "hum.wav", np.repeat(voice + hum, channels, axis=1), rate=rate)
    facts = heard(path, HUM)
    found = facts["hearing"]["hum"]
    assert found["hertz"] == pytest.approx(hertz, abs=0.02)
    assert set(found["multiples"]) >= {1, 2, 3}
    level = 10 * np.log10(np.square(hum).mean()) - (3.01 if channels == 1 else 0)
    assert found["level_dbfs"] == pytest.approx(level, abs=1)
    before, after = (prepared(path, one, length=8 * RATE)[0] for one in (None, facts))
    for part in (slice(0, 2 * RATE), slice(2 * RATE, 8 * RATE)):
        # The voice has nothing below 300 Hz.
        for multiple in MULTIPLES:
            own = multiple * hertz
            assert level_db(after[part], own, width=4) < level_db(before[part], own, width=4) - 30, (part, multiple)
    for low, high in pairwise((300, 500, 800, 1_250, 2_000, 3_000)):
        middle, half = (low + high) / 2, (high - low) / 2
        levels = [level_db(one, middle, width=half) for one in (before, after)]
        assert levels[1] == pytest.approx(levels[0], abs=0.5)


def test_hum_stays_where_nobody_asks_for_repair_and_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "hum.wav", spoken(seconds=6) + mains(seconds=6, hertz=50, multiples=MULTIPLES))
    facts = heard(path)
    assert facts["hearing"]["hum"]
    assert facts["treatment"] == {}
    assert np.array_equal(prepared(path, facts, length=RATE), prepared(path, None, length=RATE))


def test_loudness_is_that_of_the_repaired_sound(tmp_path: Path) -> None:
    """A hum that is louder than the voice: the levels would take the voice down with it."""
    voice = spoken(seconds=6, level=0.02)
    loud = mains(seconds=6, hertz=50, multiples={2: 0.1, 4: 0.1, 6: 0.1})
    clean = heard(written(tmp_path / "clean.wav", voice))["integrated"]
    path = written(tmp_path / "hum.wav", voice + loud)
    assert heard(path)["integrated"] > clean + 5
    assert heard(path, HUM)["integrated"] == pytest.approx(clean, abs=0.5)


def song(notes: tuple[float, ...]) -> np.ndarray:
    """[shape=(n, 1)] a bass that plays each note for half a second, with its harmonics."""
    at = np.arange(RATE // 2) / RATE
    one = [sum(np.sin(2 * np.pi * note * k * at) / k for k in range(1, 8)) * np.exp(-3 * at) for note in notes]
    one = [note * (-1) ** number for number, note in enumerate(one)]
    return 0.1 * np.concatenate(one)[:, None]


@pytest.mark.parametrize("notes", [(49.0, 58.27, 65.41, 73.42) * 4, (49.0, 49.0, 51.9, 61.74) * 4, (55.0,) * 16])
def test_a_bass_is_no_hum(tmp_path: Path, notes: tuple[float, ...]) -> None:
    sound = song(notes) + 0.001 * np.random.default_rng(1).standard_normal((len(notes) * RATE // 2, 1))
    assert "hum" not in heard(written(tmp_path / "bass.wav", sound))["hearing"]


def test_a_dc_offset_is_taken_away_without_moving_anything(tmp_path: Path) -> None:
    sound = np.repeat(spoken(seconds=4), 2, axis=1)
    sound[2 * RATE] = 0.9
    path = written(tmp_path / "offset.wav", sound + np.array([0.02, -0.005]))
    facts = heard(path)
    assert facts["hearing"]["offset"] == pytest.approx((0.02, -0.005), abs=2e-4)
    before, after = (prepared(path, one, length=4 * RATE) for one in (None, facts))
    assert np.abs(after.mean(axis=1)).max() < 2e-4
    assert np.abs(after[:, 2 * RATE]).tolist() == pytest.approx([0.9, 0.9], abs=1e-3)
    assert np.abs((before - after) - [[0.02], [-0.005]]).max() < 2e-4
    facts = heard(path, None)
    assert facts["treatment"] == {}
    assert facts["hearing"]["offset"]


@pytest.mark.parametrize("sound", [spoken(seconds=4, level=0.2), song((32.7, 36.7) * 4), low_tone(level=0.5)])
def test_low_sounds_are_no_offset(tmp_path: Path, sound: np.ndarray) -> None:
    assert "offset" not in heard(written(tmp_path / "low.wav", sound))["hearing"]


def test_sides_that_are_turned_over_are_found_by_their_mono_sum_and_turned_back(tmp_path: Path) -> None:
    voice = spoken(seconds=4)
    hiss = 0.002 * np.random.default_rng(2).standard_normal((len(voice), 2))
    path = written(tmp_path / "turned.wav", np.hstack([voice, -0.8 * voice]) + hiss)
    facts = heard(path)
    assert facts["hearing"]["mono_loss_db"] > 15
    before, after = (prepared(path, one, length=4 * RATE) for one in (None, facts))
    gained = 20 * np.log10(np.std(after.sum(axis=0)) / np.std(before.sum(axis=0)))
    assert gained == pytest.approx(facts["hearing"]["mono_loss_db"], abs=0.5)
    assert np.array_equal(after[0], before[0])


@pytest.mark.parametrize("across", [0.0, 0.5, -0.3])
def test_a_wide_stereo_is_not_turned_over(tmp_path: Path, across: float) -> None:
    left, other = spoken(seconds=4, seed=1), spoken(seconds=4, seed=2)
    right = across * left + np.sqrt(1 - across**2) * other
    assert heard(written(tmp_path / "wide.wav", np.hstack([left, right])))["hearing"] == {}


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_sound_on_one_side_is_told_and_heard_from_the_middle_where_that_is_asked_for(tmp_path: Path, side) -> None:
    both = np.zeros((4 * RATE, 2))
    number = ("left", "right").index(side)
    both[:, number] = spoken(seconds=4)[:, 0]
    path = written(tmp_path / "one.wav", both)
    assert heard(path)["hearing"] == {"one_sided": side}
    assert heard(path)["treatment"] == {}
    facts = heard(path, Repair(centre=True))
    after = prepared(path, facts, length=4 * RATE)
    assert np.array_equal(after[0], after[1])
    assert facts["integrated"] == pytest.approx(heard(path)["integrated"], abs=0.1)


def test_a_high_pass_takes_away_what_no_voice_has(tmp_path: Path) -> None:
    tones = {30: 0.1, 150: 0.1, 400: 0.1}
    at = np.arange(4 * RATE) / RATE
    sound = np.sum([level * np.sin(2 * np.pi * hertz * at) for hertz, level in tones.items()], axis=0)[:, None]
    path = written(tmp_path / "low.wav", sound)
    facts = heard(path, Repair(high_pass_hz=80.0))
    before, after = (prepared(path, one, length=4 * RATE)[0] for one in (None, facts))
    change = {hertz: level_db(after, hertz) - level_db(before, hertz) for hertz in tones}
    assert change[30] < -30
    assert change[150] == pytest.approx(0, abs=0.1)
    assert change[400] == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("repair", [HUM, Repair(high_pass_hz=80.0, hum=True, centre=True)])
def test_a_part_is_repaired_as_the_whole_is(tmp_path: Path, repair: Repair) -> None:
    sound = spoken(seconds=9) + mains(seconds=9, hertz=50.03, multiples=MULTIPLES)
    path = written(tmp_path / "hum.wav", sound)
    facts = heard(path, repair)
    whole = prepared(path, facts, length=9 * RATE)
    part = prepared(path, facts, start=6 * RATE + 77, length=RATE)
    assert np.abs(part - whole[:, 6 * RATE + 77 :][:, :RATE]).max() < 1e-4
    backwards = prepared(path, facts, start=6 * RATE + 77, length=RATE, speed=Fraction(-1))
    assert np.array_equal(backwards[:, ::-1], part)


@pytest.mark.parametrize("samples", [1, 2, 700, 20_000])
def test_next_to_no_sound_has_no_faults(tmp_path: Path, samples: int) -> None:
    path = written(tmp_path / "blip.wav", np.full((samples, 2), 0.5))
    facts = heard(path, Repair(high_pass_hz=80.0, hum=True, centre=True))
    assert facts["hearing"] == {}
    assert prepared(path, facts, length=samples).shape == (2, samples)


def test_silence_is_told_and_soft_sound_is_none(tmp_path: Path) -> None:
    rng, folder = np.random.default_rng(3), tmp_path
    for name, sound, silent in (
        ("zeros", np.zeros((5 * RATE, 2)), True),
        ("dither", rng.uniform(-1, 1, (2 * RATE, 1)) / 32_768, True),
        ("offset", np.full((2 * RATE, 1), 0.1), True),
        ("soft", spoken(seconds=2, level=0.0003), False),
    ):
        hearing = heard(written(folder / f"{name}.wav", sound))["hearing"]
        assert hearing.get("silent", False) is silent, name


def test_long_sounds_keep_few_spectra(tmp_path: Path, monkeypatch) -> None:
    sound = spoken(seconds=12) + mains(seconds=12, hertz=60, multiples=MULTIPLES)
    path = written(tmp_path / "hum.wav", sound)
    before = heard(path)["hearing"]["hum"]
    monkeypatch.setattr("renderers.hearing.hum._MOST_MOMENTS", 8)
    after = heard(path)["hearing"]["hum"]
    assert after["hertz"] == pytest.approx(before["hertz"], abs=0.01)
    assert after["level_dbfs"] == pytest.approx(before["level_dbfs"], abs=0.5)


def test_what_needs_no_mending_is_decoded_once(tmp_path: Path, monkeypatch) -> None:
    rounds = []
    decoded = listen.placed_sound
    monkeypatch.setattr(listen, "placed_sound", lambda *args, **more: rounds.append(1) or decoded(*args, **more))
    path = written(tmp_path / "voice.wav", spoken(seconds=4))
    heard(path, Repair(high_pass_hz=80.0, hum=True))
    assert len(rounds) == 1
    heard(written(tmp_path / "offset.wav", spoken(seconds=4) + 0.01))
    assert len(rounds) == 3


def test_what_was_found_and_done_is_told_in_sentences() -> None:
    clipped = Clipping(samples=4_120, places=31, first_sample=round(13.4 * RATE))
    assert clipping_told(clipped, Fraction(1)) == "4,120 samples are clipped, in 31 places, the first at 0:12.4"
    hearing = Hearing(clipping=clipped, offset=(0.01, 0.01), mono_loss_db=20.0, one_sided="left")
    told = list(hearing_told(hearing, Fraction(0)))
    assert [word in line for word, line in zip(("clipped", "-40 dBFS", "20 dB softer", "left"), told, strict=True)]
    done = list(treatment_told(treatment_of(Repair(high_pass_hz=80.0, centre=True), hearing)))
    assert len(done) == 4
    assert list(treatment_told(treatment_of(None, hearing))) == []
    told = [repair_told(one) for one in (None, USUAL_REPAIR, Repair(high_pass_hz=80.0, hum=True))]
    assert told == ["left as it is", "none", "high-pass at 80 Hz, hum"]

"""A bus: levels decided, sounds placed, faded and added, whatever the blocks; and the mix of several."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crowdcut.sound.levels import gain_of
from crowdcut.sound.orders import BusOrder, Cue, Levels
from renderers import bus
from renderers.job import Input
from renderers.loudness.meter import measured

LEVELS = Levels(bus_lufs={"shot": -18.0, "music": -24.0, "voice": -16.0, "effect": -20.0})
AT_LEVEL = {"integrated": -18.0, "floor": -80.0, "noise": -80.0, "speech": []}


def cue(**keys):
    return Cue(
        **{"prepared": "a", "listened": "heard", "start_sample": 0, "length_samples": 1_000, "bus": "shot"} | keys
    )


def mixed(folder, sounds, cues, *, length, heard=AT_LEVEL, block_samples=48_000):
    """The mix as [shape=(2, length)], and its facts. ``sounds``: name to [shape=(2, n)]."""
    inputs = {}
    for name, sound in sounds.items():
        path = folder / f"{name}.f32"
        path.write_bytes(np.ascontiguousarray(sound.T, dtype="<f4").tobytes())
        inputs[name] = Input(path=path, facts={})
    inputs["heard"] = Input(path=None, facts={"speech": [], **heard})
    order = BusOrder(bus="shot", length_samples=length, cues=tuple(cues), levels=LEVELS)
    facts = bus.run(order, inputs, folder / "bus.f32", block_samples=block_samples)
    return np.fromfile(folder / "bus.f32", "<f4").reshape(-1, 2).T, facts


def gain(integrated, floor=None, **keys):
    found = gain_of(cue(**keys), {"integrated": integrated, "floor": floor, "noise": floor}, LEVELS)
    return found.gain_db, found.cap


def test_a_contribution_is_brought_to_its_buss_level():
    assert gain(-30.0) == (12.0, None)
    assert gain(-12.0) == (-6.0, None)
    assert gain(-30.0, bus="voice") == (14.0, None)
    assert gain(-30.0, gain_db=-3.5) == (8.5, None)


def test_a_raise_is_capped():
    assert gain(-50.0) == (20.0, "max-gain")
    assert gain(-38.0) == (20.0, None)


def test_a_noise_floor_is_not_raised_above_its_limit():
    assert gain(-30.0, floor=-54.0) == (6.0, "noise-floor")
    assert gain(-30.0, floor=-70.0) == (12.0, None)


def test_a_loud_floor_caps_the_raise_but_never_turns_a_sound_down():
    assert gain(-25.0, floor=-40.0) == (0.0, "noise-floor")
    assert gain(-10.0, floor=-40.0) == (-8.0, None)


def test_a_steady_sound_has_no_floor():
    assert gain(-30.0, floor=-33.0) == (12.0, None)


def test_silence_is_left_as_it_is():
    assert gain(None) == (0.0, None)


def test_the_facts_tell_each_cues_gain(tmp_path):
    sound = np.ones((2, 1_000)) * 0.1
    _, facts = mixed(
        tmp_path, {"a": sound}, [cue(), cue(gain_db=-6.0)], length=1_000, heard={"integrated": -40.0, "floor": None}
    )
    assert facts["gains"] == [
        {"gain_db": 20.0, "wanted_db": 22.0, "cap": "max-gain"},
        {"gain_db": 16.0, "wanted_db": 16.0, "cap": None},
    ]


def test_sounds_land_on_their_samples_and_add_up(tmp_path):
    click = np.zeros((2, 200_000))
    click[:, 100] = 0.5
    cues = [
        cue(start_sample=47_950, length_samples=200),
        cue(start_sample=47_950, length_samples=200),
        cue(start_sample=-60, length_samples=1_000),
        cue(start_sample=99_950, length_samples=5_000),
        cue(start_sample=200_000, length_samples=10),
    ]
    found, _ = mixed(tmp_path, {"a": click}, cues, length=100_000)
    assert found.shape == (2, 100_000)
    assert np.flatnonzero(found[0]).tolist() == [40, 48_050]
    assert found[0, 48_050] == pytest.approx(1.0)


def test_a_tone_keeps_its_level_through_a_gain_of_six_db(tmp_path):
    wave = np.stack([0.0625 * np.sin(2 * np.pi * 997 * np.arange(48_000) / 48_000)] * 2)
    found, _ = mixed(
        tmp_path,
        {"a": wave},
        [cue(length_samples=48_000)],
        length=48_000,
        heard={"integrated": -24.02, "floor": None},
    )
    assert np.abs(found).max() == pytest.approx(0.125, rel=1e-3)


@pytest.mark.parametrize("fade", ["raised-cosine", "equal-power"])
def test_fades_have_no_steps(tmp_path, fade):
    order = cue(length_samples=9_000, fade_in_samples=4_000, fade_out_samples=3_000, fade=fade)
    found, _ = mixed(tmp_path, {"a": np.ones((2, 9_000))}, [order], length=9_000)
    assert np.abs(np.diff(found[0])).max() < 1e-3
    assert found[0, 0] < 1e-3
    assert found[0, -1] < 1e-3
    assert found[0, 4_000:6_000] == pytest.approx(1)


def test_a_loops_fade_lasts_over_all_its_rounds(tmp_path):
    """Three rounds and a half, more than two of them faded: but for the joints it is the fade of one long sound."""
    whole = cue(length_samples=3_500, fade_in_samples=900, fade_out_samples=2_600)
    rounds = [
        replace(
            whole,
            start_sample=start,
            length_samples=min(1_000, 3_500 - start),
            before_samples=start,
            after_samples=max(0, 2_500 - start),
            joint_samples=100,
        )
        for start in range(0, 3_500, 1_000)
    ]
    once, _ = mixed(tmp_path, {"a": np.ones((2, 3_500))}, [whole], length=3_500)
    found, _ = mixed(tmp_path, {"a": np.ones((2, 1_000))}, rounds, length=3_500)
    joints = np.zeros(3_500, bool)
    for at in (1_000, 2_000, 3_000):
        joints[at - 100 : at + 100] = True
    assert np.array_equal(found[:, ~joints], once[:, ~joints])
    assert np.abs(found[0, [999, 1_000, 1_999, 2_000, 2_999, 3_000]]).max() < 1e-3
    assert np.all(np.diff(found[0, ~joints][900:]) <= 1e-7)


def test_a_crossfade_of_the_same_sound_is_the_sound(tmp_path):
    cues = [
        cue(length_samples=2_000, fade_out_samples=1_000),
        cue(start_sample=1_000, length_samples=2_000, fade_in_samples=1_000),
    ]
    found, _ = mixed(tmp_path, {"a": np.full((2, 2_000), 0.5)}, cues, length=3_000)
    assert found == pytest.approx(np.full((2, 3_000), 0.5), abs=1e-6)


def test_an_equal_power_crossfade_keeps_the_power(tmp_path):
    cues = [
        cue(length_samples=2_000, fade_out_samples=1_000, fade="equal-power"),
        cue(prepared="b", start_sample=1_000, length_samples=2_000, fade_in_samples=1_000, fade="equal-power"),
    ]
    left, right = np.zeros((2, 2_000)), np.zeros((2, 2_000))
    left[0], right[1] = 0.5, 0.5
    found, _ = mixed(tmp_path, {"a": left, "b": right}, cues, length=3_000)
    assert (found**2).sum(axis=0) == pytest.approx(np.full(3_000, 0.25), abs=1e-6)


def _dissolved(folder, before, after):
    """Two sounds of 3 s that share a second, as [shape=(2, 5 s)]."""
    keys = {"length_samples": 144_000, "fade": "equal-power"}
    cues = [
        cue(**keys, fade_out_samples=48_000),
        cue(**keys, prepared="b", start_sample=96_000, fade_in_samples=48_000),
    ]
    found, _ = mixed(folder, {"a": before, "b": after}, cues, length=240_000)
    return found


def test_a_clip_that_dissolves_into_itself_is_the_clip(tmp_path):
    noise = np.random.default_rng(4).uniform(-0.02, 0.02, (2, 240_000))
    found = _dissolved(tmp_path, noise[:, :144_000], noise[:, 96_000:])
    assert found == pytest.approx(noise, abs=1e-6)


@pytest.mark.parametrize("common", [0, 0.5, 0.9])
def test_sounds_that_are_alike_do_not_swell(tmp_path, common):
    rng = np.random.default_rng(5)
    both, one, other = rng.normal(0, 0.01, (3, 2, 144_000))
    before = np.sqrt(common) * both + np.sqrt(1 - common) * one
    after = np.sqrt(common) * np.roll(both, -96_000, axis=1) + np.sqrt(1 - common) * other
    found = _dissolved(tmp_path, before, after)
    levels = 10 * np.log10(np.square(found).reshape(2, 25, -1).mean(axis=(0, 2)))
    assert levels == pytest.approx(-40, abs=0.2)


def test_music_that_jumps_between_bars_that_are_alike_does_not_swell(tmp_path):
    bar = np.random.default_rng(7).uniform(-0.02, 0.02, (2, 48_000))
    parts = {"a": np.tile(bar, 2), "b": np.concatenate([bar[:, -2_400:], bar], axis=1)}
    keys = {"joint_samples": 2_400, "joint": "equal-power"}
    cues = [
        cue(**keys, length_samples=96_000, after_samples=48_000),
        cue(**keys, prepared="b", start_sample=93_600, length_samples=50_400, before_samples=93_600),
    ]
    found, _ = mixed(tmp_path, parts, cues, length=144_000)
    assert found == pytest.approx(np.tile(bar, 3), abs=1e-6)


def test_a_sound_that_is_upside_down_is_no_likeness(tmp_path):
    noise = np.random.default_rng(6).uniform(-0.02, 0.02, (2, 240_000))
    found = _dissolved(tmp_path, noise[:, :144_000], -noise[:, 96_000:])
    assert np.abs(found[:, 119_990:120_010]).max() < 1e-3


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    block=st.integers(1, 3_000),
    starts=st.lists(st.integers(-500, 2_500), min_size=1, max_size=4),
    fades=st.tuples(st.integers(0, 900), st.integers(0, 900)),
    fade=st.sampled_from(["raised-cosine", "equal-power"]),
)
def test_the_mix_does_not_depend_on_its_blocks(tmp_path, block, starts, fades, fade):
    noise = np.random.default_rng(5).uniform(-1, 1, (2, 1_000))
    cues = [cue(start_sample=start, fade_in_samples=fades[0], fade_out_samples=fades[1], fade=fade) for start in starts]
    whole, _ = mixed(tmp_path, {"a": noise}, cues, length=2_500)
    parts, _ = mixed(tmp_path, {"a": noise}, cues, length=2_500, block_samples=max(block, 50))
    assert np.array_equal(whole, parts)


def test_an_order_for_more_than_was_prepared_is_an_error(tmp_path):
    with pytest.raises(ValueError, match=r"a\.f32 has 500 samples"):
        mixed(tmp_path, {"a": np.ones((2, 500))}, [cue()], length=2_000)


def test_gains_grow_with_what_is_missing():
    gains = [gain(-10.0 - step)[0] for step in range(40)]
    assert all(earlier <= later for earlier, later in pairwise(gains))


def test_sounds_that_sound_together_are_brought_to_the_buss_level(tmp_path):
    """Four that are each at their level are 6 LU over it together; a producer's own gain stays."""
    rng = np.random.default_rng(3)
    sounds = {name: rng.standard_normal((2, 96_000)) * 0.05 for name in "abcd"}
    own = measured([sounds["a"].astype(np.float32)]).integrated
    heard = {"integrated": own, "floor": None}
    cues = [cue(prepared=name, length_samples=96_000) for name in sounds]
    found, facts = mixed(tmp_path, sounds, cues, length=96_000, heard=heard)
    assert measured([found]).integrated == pytest.approx(LEVELS.bus_lufs["shot"], abs=0.1)
    assert facts["bus_gain_db"] == pytest.approx(-6, abs=0.3)
    softer = [cue(prepared=name, length_samples=96_000, gain_db=-5.0) for name in sounds]
    quieter, _ = mixed(tmp_path, sounds, softer, length=96_000, heard=heard)
    assert measured([quieter]).integrated == pytest.approx(LEVELS.bus_lufs["shot"] - 5, abs=0.1)

"""``carve``: only the band that speech is understood by gives way; and the words that say how music gives way."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from duck_making import DUCK, PASSAGES, SECONDS, buses_of, depths_of, samples_of
from manifest_making import make_episode

from crowdcut.look import look_from
from crowdcut.manifest import manifest_from
from crowdcut.timing import SAMPLE_RATE
from renderers.mixing.speech_band import BAND_HZ, EDGE_HZ, MARGIN_SAMPLES, band_blocks, band_of


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Any:
    return buses_of(tmp_path_factory.mktemp("plain"), duck=None)


@pytest.fixture(scope="module")
def carved(tmp_path_factory) -> Any:
    return buses_of(tmp_path_factory.mktemp("carved"), ducks="carve")


@pytest.fixture(scope="module")
def ducked(tmp_path_factory) -> Any:
    return buses_of(tmp_path_factory.mktemp("whole"))


def _passed(samples, *bands_hz):
    """What lies within the bands, cut out by a brick wall."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(samples.shape[1], 1 / SAMPLE_RATE)
    kept = np.any([(hertz >= low) & (hertz < high) for low, high in bands_hz], axis=0)
    return np.fft.irfft(spectrum * kept, samples.shape[1])


def _while_speaking(samples):
    """The power of each passage but for its first and last half second, dB."""
    parts = [samples[:, round((a + 0.5) * SAMPLE_RATE) : round((b - 0.5) * SAMPLE_RATE)] for a, b in PASSAGES]
    return np.array([10 * np.log10(np.square(part, dtype=np.float64).mean()) for part in parts])


def _outside(one):
    low, high = BAND_HZ
    return _passed(samples_of(one), (30, low - EDGE_HZ), (high + EDGE_HZ, 20_000))


def test_beside_the_band_music_stays(plain, carved, ducked):
    whole = _while_speaking(_outside(plain["music"]))
    assert _while_speaking(_outside(carved["music"])) == pytest.approx(whole, abs=0.5)
    assert (_while_speaking(_outside(ducked["music"])) < whole - 5).all()


def test_in_the_band_music_is_so_far_under_the_voice(plain, carved):
    def depths(buses):
        return depths_of(*(_passed(samples_of(buses[name]), BAND_HZ) for name in ("voice", "music")))

    assert np.abs(depths(carved) - DUCK.depth_lu).max() <= 1
    assert (np.abs(depths(plain) - DUCK.depth_lu) <= 1).mean() < 0.05
    told = carved["music"].facts["depths"]
    assert told["carve"]["within"] == told["carve"]["windows"] > 100


def test_while_nobody_speaks_not_a_bit_is_changed(plain, carved):
    """Nor is anything moved: the filter's delay is made good."""
    found, whole = samples_of(carved["music"]), samples_of(plain["music"])
    (first, second), (then, last) = PASSAGES
    for start, end in ((0, first - 0.4), (second + 1.4, then - 0.4), (last + 1.4, SECONDS)):
        part = slice(round(start * SAMPLE_RATE), round(end * SAMPLE_RATE))
        assert np.array_equal(found[:, part], whole[:, part])


def test_the_band_does_not_depend_on_the_blocks():
    sound = np.random.default_rng(1).standard_normal((2, 30_000)).astype(np.float32)
    around = np.pad(sound, ((0, 0), (MARGIN_SAMPLES, MARGIN_SAMPLES)))

    def wide(start, length):
        return around[:, start + MARGIN_SAMPLES :][:, :length]

    whole = band_of(around)
    for block in (4_800, 7_001, 30_000):
        parts = np.concatenate(list(band_blocks(wide, length=30_000, block=block, within=[(0, 30_000)])), axis=1)
        assert np.abs(parts - whole).max() < 1e-6


WORDS = """\
format = 1
title = "T"
{top}
[[music]]
use = "theme"
[[scene]]
id = "first"
{scene}
[[scene.shot]]
text = "Hush"
for = 3
[[scene.shot.music]]
use = "theme"
{sound}
[[scene.music]]
use = "theme"
"""


@pytest.mark.parametrize(
    ("top", "scene", "sound", "found"),
    [
        ("", "", "", [None, None, None]),
        ("duck = false", "", "", ["no", "no", "no"]),
        ("duck = false", 'duck = "carve"', "duck = true", ["no", "carve", "usual"]),
        ("", "duck = false", 'duck = "whole"', [None, "no", "whole"]),
    ],
)
def test_what_hangs_on_a_scene_ducks_as_the_scene_says_or_the_episode(tmp_path, top, scene, sound, found):
    file = make_episode(tmp_path, WORDS.format(top=top, scene=scene, sound=sound))
    manifest, _, findings = manifest_from(file)
    assert findings == ()
    assert manifest is not None
    (first,) = manifest.scenes
    sounds = (*manifest.sounds, *first.sounds, *first.shots[0].sounds)
    assert [one.ducks for one in sounds] == found


def test_a_template_may_carve(tmp_path):
    for carve in (True, False):
        text = f'extends = "variety"\n[duck]\nattack = 0.2\ncarve = {"true" if carve else "false"}\n'
        (tmp_path / f"{carve}").mkdir()
        (tmp_path / f"{carve}" / "template.toml").write_text(text, encoding="utf-8")
        look, findings = look_from(f"{carve}", tmp_path)
        assert findings == ()
        assert look is not None
        assert (look.duck.carve, look.duck.attack, look.duck.depth_lu) == (carve, Fraction(1, 5), 10)

"""Music that fits the cut, as it is written: what is read, and what is refused where it says nothing."""

from pathlib import Path

import pytest
from manifest_making import make_library, short

from crowdcut.episode import Manifest, Pulse
from crowdcut.manifest import manifest_from

SCENE = """\
format = 1
title = "T"
[clip.dot]
use = "moonrise"
fit = "blur"
for = 2
[[scene]]
{scene}
[[scene.{bus}]]
use = "{use}"
{sound}
[[scene.shot]]
use = {pictures}
{shot}
"""
USUAL = {
    "scene": "",
    "bus": "music",
    "use": "theme",
    "sound": "",
    "pictures": '["robot", "dot"]',
    "shot": 'each = "beat"',
}


def read(folder: Path, **more: str) -> tuple[Manifest, list[tuple[str, str | None]]]:
    """The manifest, and rule and key of each finding."""
    make_library(folder / "library")
    (folder / "episode.toml").write_text(SCENE.format(**{**USUAL, **more}), encoding="utf-8")
    manifest, _, findings = manifest_from(folder / "episode.toml")
    assert manifest is not None
    return manifest, [(rule, key) for rule, _, key in short(findings)]


def test_what_a_scene_is_cut_to_is_read(tmp_path: Path):
    words = 'cut_to = "bar"\nbeat_tolerance = "6f"\nbeats_of = "theme.flac"'
    manifest, findings = read(tmp_path, scene=words, sound='fit = "scene"')
    (scene,) = manifest.scenes
    assert (scene.cut_to, scene.beat_tolerance, scene.beats_of) == ("bar", 0.25, "theme")
    assert scene.sounds[0].fitted
    assert findings == []


@pytest.mark.parametrize(
    ("each", "pulse"),
    [
        ("beat", Pulse()),
        ("2 beats", Pulse(count=2)),
        ("bar", Pulse(unit="bar")),
        ("4 bars", Pulse(unit="bar", count=4)),
    ],
)
def test_pictures_are_told_beats(tmp_path: Path, each: str, pulse: Pulse):
    """They take the place of what a clip says of its length."""
    manifest, findings = read(tmp_path, shot=f'each = "{each}"')
    assert [(one.pulse, one.length, one.out) for one in manifest.scenes[0].shots] == [(pulse, None, None)] * 2
    assert findings == []


def test_a_clips_fit_is_its_pictures(tmp_path: Path):
    manifest, findings = read(tmp_path, use="dot", pictures='"robot"', shot="for = 2")
    assert not manifest.scenes[0].sounds[0].fitted
    assert findings == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"scene": 'cut_to = "swing"'}, ("wrong-value", "cut_to")),
        ({"scene": 'beats_of = "theme"', "shot": "each = 1"}, ("unfitting-key", "beats_of")),
        ({"scene": "beat_tolerance = 1"}, ("unfitting-key", "beat_tolerance")),
        ({"scene": 'cut_to = "beat"\nbeats_of = "nobody"'}, ("unknown-contribution", "use")),
        ({"sound": 'fit = "scene"', "bus": "voice"}, ("unfitting-key", "fit")),
        ({"sound": 'fit = "scene"\nloop = true'}, ("unfitting-key", "loop")),
        ({"sound": 'fit = "scene"\nreverse = true'}, ("unfitting-key", "reverse")),
        ({"sound": 'fit = "blur"'}, ("wrong-value", "fit")),
        ({"pictures": '"robot"'}, ("unfitting-key", "each")),
        ({"shot": 'each = "0 beats"'}, ("wrong-value", "each")),
        ({"shot": 'each = "beats 2"'}, ("wrong-value", "each")),
        ({"shot": 'each = "2 bears"'}, ("wrong-value", "for")),
    ],
)
def test_words_that_say_nothing_are_refused(tmp_path: Path, more: dict[str, str], expected: tuple[str, str]):
    assert set(read(tmp_path, **more)[1]) == {expected}

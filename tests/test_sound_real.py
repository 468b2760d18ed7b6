"""Other people's sounds, where the folder is there: meters held against others', and all of them in one mix."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from other_media import MEDIA, heard_paths, needs_media, whole_sound
from other_meters import by_ffmpeg, by_pyloudnorm, loudest_by_formula

from crowdcut.timing import SAMPLE_RATE
from examples.makers import write_still
from farm.build import built
from farm.report import read_report
from farm.wish import Wish
from renderers.loudness.meter import Meter, having_taken, measured
from renderers.loudness.running import RunningMeter
from renderers.sound.pcm import BLOCK_SAMPLES, Samples

QUICK_SECONDS = 8
GATING = SAMPLE_RATE * 2 // 5
SILENT_LUFS = -60.0
"""Under this the absolute gate decides, and a rounding may move a block across it."""

HEAD = """\
format = 1
title = "All sounds"
slug = "film"
[profile.small]
extends = "web"
size = [64, 36]
video = { preset = "ultrafast", crf = "40" }
"""
APART_SECONDS = 1
SHORTEST = SAMPLE_RATE // 10
"""Two files have less; their heads promise a second and more, or no sound."""
SHORT_SECONDS = 3
LIMITED_DB = 1.0
"""What the limiter takes is a reason from here on; the page tells it from here on too."""


def _agree(samples: Samples, *, name: str) -> None:
    """Our meters and everybody else's read the same."""
    blocks = [samples[:, at : at + BLOCK_SAMPLES] for at in range(0, samples.shape[1], BLOCK_SAMPLES)]
    ours = having_taken(Meter(), blocks).loudness()
    running = having_taken(RunningMeter(), blocks)
    theirs = by_ffmpeg(samples)
    if ours.integrated is None:
        assert theirs.integrated == -70, name
        return
    assert ours.integrated == pytest.approx(theirs.integrated, abs=0.02), name
    assert ours.range_lu == pytest.approx(theirs.range_lu, abs=0.1), name
    assert ours.true_peak == pytest.approx(theirs.true_peak, abs=0.1), name
    if ours.integrated > SILENT_LUFS:
        assert ours.integrated == pytest.approx(by_pyloudnorm(samples), abs=0.1), name
    for found, often, length in (
        (running.max_momentary, theirs.max_momentary, 0.4),
        (running.max_short_term, theirs.max_short_term, 3),
    ):
        if found is not None:
            assert found == pytest.approx(loudest_by_formula(samples, length), abs=0.02), name
            assert found > often - 0.02, name  # who reads ten times a second may only miss some


def _sounds() -> dict[str, Samples]:
    sounds = {path: whole_sound(MEDIA / path) for path in heard_paths()}
    undecoded = {path for path, sound in sounds.items() if sound is None}
    assert all(path.startswith("hostile/") for path in undecoded), undecoded
    return {path: sound for path, sound in sounds.items() if sound is not None and sound.any()}


@needs_media
def test_meters_agree_on_music() -> None:
    music = [path for path in heard_paths() if path.startswith("audio/music/")]
    assert len(music) >= 5
    for path in music:
        sound = whole_sound(MEDIA / path)
        assert sound is not None
        _agree(sound[:, : QUICK_SECONDS * SAMPLE_RATE], name=path)


@needs_media
@pytest.mark.long
def test_meters_agree_on_every_real_sound() -> None:
    long_enough = {path: sound for path, sound in _sounds().items() if sound.shape[1] >= GATING}
    assert len(long_enough) >= 80
    for path, sound in long_enough.items():
        _agree(sound, name=path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """A film of all sounds, one after another."""

    sounds: dict[str, Samples]
    """What there is to be heard, by the path in the folder."""
    report: dict[str, Any]
    """Of the one delivery."""
    heard: Samples
    """The film's sound."""

    def part(self, number: int, length_samples: int) -> Samples:
        """What is heard of sound ``number``."""
        start = self.report["shots"][number]["start_frame"] * SAMPLE_RATE // 24
        return self.heard[:, start : start + length_samples]


def _bus(path: str) -> str:
    return {"voice": "voice", "music": "music"}.get(path.split("/")[1], "effect")


def _laid(sounds: dict[str, Samples], folder: Path) -> Path:
    library = folder / "library"
    library.mkdir()
    (library / "media").symlink_to(MEDIA.resolve(), target_is_directory=True)
    write_still(library / "still.png", np.full((36, 64, 3), 90, np.uint8))
    files = {"still": "still.png", **{path.replace("/", " - "): f"media/{path}" for path in sounds}}
    entries = [f"[[contribution]]\nid = {json.dumps(one)}\nfile = {json.dumps(file)}" for one, file in files.items()]
    listing = ['[[contributor]]\nid = "crowd"\nname = "The crowd"', *(f'{entry}\nby = ["crowd"]' for entry in entries)]
    (library / "contributions.toml").write_text("\n".join(listing), encoding="utf-8")
    scenes = [
        f"[[scene]]\n[[scene.{_bus(path)}]]\nuse = {json.dumps(path.replace('/', ' - '))}\n"
        f'[[scene.shot]]\nuse = "still"\nfor = {sound.shape[1] / SAMPLE_RATE + APART_SECONDS:.1f}'
        for path, sound in sounds.items()
    ]
    manifest = folder / "episode.toml"
    manifest.write_text("\n".join([HEAD, *scenes]), encoding="utf-8")
    return manifest


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Mixed:
    folder = tmp_path_factory.mktemp("mixed")
    sounds = {path: sound for path, sound in _sounds().items() if sound.shape[1] >= SHORTEST}
    wish = Wish(manifest=_laid(sounds, folder), deliveries=("small",), placeholder=True)  # what is refused is left out
    page = built(wish, lambda _: None)
    (report,) = read_report(page)["deliveries"]
    heard = whole_sound(page.parent / "small" / report["film"])
    assert heard is not None
    return Mixed(sounds=sounds, report=report, heard=heard)


@needs_media
@pytest.mark.long
def test_all_sounds_in_one_mix_make_a_programme_at_its_level(mixed: Mixed) -> None:
    assert mixed.report["verified"]
    theirs = by_ffmpeg(mixed.heard)
    assert theirs.integrated == pytest.approx(-14, abs=0.3)
    assert theirs.true_peak <= -1.0 + 0.1
    _agree(mixed.heard, name="the film")


@needs_media
@pytest.mark.long
def test_what_is_not_at_its_level_has_a_reason_in_the_table(mixed: Mixed) -> None:
    rows = {one["contribution"]: one for one in mixed.report["sound"]["contributions"]}
    there = {path for path in mixed.sounds if path.replace("/", " - ") in rows}
    assert all(path.startswith("hostile/") for path in mixed.sounds.keys() - there)
    assert len(there) > 100
    for bus in ("voice", "music", "effect"):
        kept = [one for one in rows.values() if one["bus"] == bus and one["cap"] is None]
        levels = [one["after_lufs"] for one in kept if one["after_lufs"] is not None]
        assert max(levels) - min(levels) < 0.05
    for number, (path, sound) in enumerate(mixed.sounds.items()):
        if path not in there or sound.shape[1] < GATING:
            continue  # BS.1770 knows no loudness of less than a block
        row, found = rows[path.replace("/", " - ")], measured([mixed.part(number, sound.shape[1])]).integrated
        if row["after_lufs"] is None or found is None:
            assert (row["before_lufs"] or -70) < SILENT_LUFS, path
            continue
        # Gating blocks of a short sound fall otherwise among its syllables than in the file.
        off = 0.5 if sound.shape[1] > SHORT_SECONDS * SAMPLE_RATE else 1.0
        taken = row["limited_db"] if row["limited_db"] >= LIMITED_DB else 0.0
        assert -taken - off < found - row["after_lufs"] < off, path

"""A grid of people who sing one song, each filmed apart: in time with their guide in sound and picture."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from piece_making import pictures_in
from small_film import film_of, lay_episode, quiet, wish_for
from sound_making import decoded

from crowdcut.conform.layouts import cells_in
from crowdcut.findings import Refused
from crowdcut.orders import Raster
from examples.makers import read_frame_code, write_clip, write_sound
from examples.makers.choir import RATE, in_room, song, sung
from farm.build import built, planned
from farm.report import read_report

SONG = song(seed=3, seconds=20, bpm=130)
TAKES = {"ana": Fraction(3), "bo": Fraction(-4), "cy": Fraction(1, 2)}
"""How long each was recorded before the song began; Bo pressed the button when it had begun."""
CLICKS = {"ana": 6.0, "bo": 7.5, "cy": 9.0}
"""Seconds of the song at which somebody clicks with the tongue, where no note is."""
QUICK = {"preset": "ultrafast", "crf": "24"}
SHORT = """\
format = 1
title = "Choir"
credits = {{ seconds = 2 }}
library = ["{library}"]
delivery = ["tiny"]
[profile.tiny]
extends = "web"
size = [384, 216]
rate = "25"
video = {{ preset = "ultrafast", crf = "24" }}
"""
GRID = f"""{SHORT}
[[scene]]
id = "choir"
[[scene.shot]]
use = ["choir/*.mp4", {{{{ use = "bo", sound = 0 }}}}]
layout = "grid"
sync = "song"
guide = "band"
for = 11
id = "all"
"""


def _take(notes, name: str, lead: Fraction, *, seed: int) -> np.ndarray:
    """Sound of a take, its click in it."""
    sound = in_room(sung(notes, seed=seed, lead=max(0.0, float(lead)), jitter=0.02), seed=seed)
    begun = max(0, round(-lead * RATE))
    burst = 0.5 * np.hanning(240) * np.sin(np.arange(240) * 2 * np.pi * 9000 / RATE)
    at = round((CLICKS.get(name, 1.0) + max(0.0, float(lead))) * RATE)
    sound[at : at + 240] += burst.astype(np.float32)
    return sound[begun:, None]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("singers") / "library"
    (folder / "choir").mkdir(parents=True)
    write_sound(folder / "band.flac", in_room(sung(SONG, seed=50, jitter=0), seed=7)[:, None], rate=RATE)
    other = song(seed=4, seconds=20, bpm=130)
    files = {"band": "band.flac"}
    for seed, (name, lead) in enumerate([*TAKES.items(), ("other", Fraction(1))]):
        files[name] = f"choir/{name}.mp4" if name in TAKES else f"{name}.mp4"
        sound = _take(SONG if name in TAKES else other, name, lead, seed=seed)
        frames = round((11.5 + float(lead)) * 25) if name in TAKES else 25
        write_clip(folder / files[name], width=192, height=108, frames=frames, options=QUICK, sound=sound)
    listed = "".join(f'[[contribution]]\nid = "{id}"\nfile = "{file}"\nby = ["x"]\n' for id, file in files.items())
    (folder / "contributions.toml").write_text(f'[[contributor]]\nid = "x"\nname = "X"\n{listed}', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def film(library: Path) -> tuple[Path, dict[str, Any]]:
    manifest = lay_episode(library.parent / "film", library, GRID)
    report = read_report(built(wish_for(manifest), quiet))
    (part,) = report["deliveries"]
    assert part["verified"], part["findings"]
    return film_of(manifest), part


def test_everybody_is_seen_at_the_same_moment_of_the_song(film):
    """Bo, who began late, holds his first picture until the song gets to it."""
    pictures = pictures_in(film[0])[: 11 * 25]  # the credits follow
    cells = cells_in("grid", 3, Raster(width=384, height=216, rate=Fraction(25)))
    for cell, name in zip(cells, ("ana", "cy", "bo"), strict=True):
        lead = TAKES[name]
        codes = [
            read_frame_code(np.ascontiguousarray(luma[cell.y : cell.y + cell.height, cell.x : cell.x + cell.width]))
            for luma, _, _ in pictures
        ]
        expected = [max(0, int((Fraction(number, 25) + lead) * 25)) for number in range(len(pictures))]
        off = [abs((code if code is not None else -99) - one) for code, one in zip(codes, expected, strict=True)]
        assert max(off) <= 1, (name, codes[:5], expected[:5])


def test_everybody_is_heard_at_the_same_moment_of_the_song(film):
    """Each click within 10 ms, and from the side on which its singer is seen."""
    heard = decoded(film[0])
    window = np.exp(2j * np.pi * 9000 / RATE * np.arange(240)) * np.hanning(240)
    sides = {}
    for name, at in CLICKS.items():
        first = round((at - 0.25) * RATE)
        left, right = (np.abs(np.convolve(one[first : first + RATE // 2], window, "same")) for one in heard)
        peak = int((left + right).argmax())
        assert abs(peak - RATE // 4) < 0.010 * RATE, (name, peak)
        sides[name] = right[peak] / left[peak]
    assert sides["ana"] < 0.6
    assert sides["cy"] > 1.6
    assert sides["bo"] == pytest.approx(1, abs=0.1)


def _plan(library: Path, folder: Path, shot: str, **more: Any):
    manifest = lay_episode(folder, library, f'{SHORT}[[scene]]\nid = "s"\n[[scene.shot]]\n{shot}\n')
    return planned(wish_for(manifest, store=library.parent / "film" / "store", **more), quiet)


def test_a_shot_of_another_song_is_refused_by_name_or_stood_in_for(library, film, tmp_path):
    shot = 'use = "other"\nsync = "song"\nguide = "band"\nfor = 5'
    with pytest.raises(Refused) as refused:
        _plan(library, tmp_path / "a", shot)
    (finding,) = [one for one in refused.value.findings if one.severity == "error"]
    assert (finding.rule, finding.where.key) == ("other-song", "use")
    assert "other.mp4 is no take of band.flac" in finding.found
    production, _, _ = _plan(library, tmp_path / "b", shot, placeholder=True)
    (stand_in,) = production.manifest.scenes[0].shots
    assert (stand_in.use, stand_in.wanted, stand_in.length) == (None, "other.mp4, a take of band.flac", 5)


def test_a_choir_that_is_only_heard_is_named_by_a_pattern(library, film, tmp_path):
    """Who is named by himself as well, to be louder, is not heard twice; the film is as long as its shot."""
    choir = '[[scene.music]]\nuse = ["choir/*.mp4", {{ use = "cy", gain = 6 }}]\nsync = "song"\nguide = "band"\nin = 2'
    _, (delivery,), _ = _plan(library, tmp_path / "c", f'text = "Sing"\nfor = 5\n{choir}')
    heard = [(one.use, one.gain_db) for one in delivery.timeline.sounds]
    # Three at once are 4.77 dB louder than one.
    assert heard == [("ana", -4.77), ("bo", -4.77), ("cy", pytest.approx(1.23))]
    ana, bo, _ = delivery.timeline.sounds
    assert float(ana.source_start) == pytest.approx(5, abs=0.010)
    assert ana.start_sample == 0
    assert bo.source_start == 0
    assert bo.start_sample == pytest.approx(2 * RATE, abs=0.010 * RATE)
    assert [one.pan for one in delivery.timeline.sounds] == [Fraction(-7, 10), 0, Fraction(7, 10)]

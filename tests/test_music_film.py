"""Films cut to music, read back: the tones of a song found in the decoded sound, frame codes in the pictures."""

import shutil
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from piece_making import codes_in, pictures_in
from small_film import EPISODE, film_of, lay_episode, quiet, wish_for
from sound_making import decoded

from examples.makers import silence, tone, write_sound
from farm.build import built
from farm.report import read_report

RATE, FPS, BEAT, FIRST = 48_000, 24, 0.4, 0.25
BARS = 6
"""Of two beats each; the song ends with the last of them."""
HEAD = EPISODE[: EPISODE.index("[[music]]")]
LISTED = """
[[contribution]]
id = "beat"
file = "beat.wav"
by = ["bo"]
bpm = 150
meter = 2
first_bar = 0.25
[[contribution]]
id = "uncounted"
file = "uncounted.wav"
by = ["bo"]
"""
SHORT = """
[[scene]]
id = "{name}"
{cut_to}
[[scene.shot]]
use = "walk"
for = 0.7
[[scene.shot]]
use = "walk"
in = 1
for = 1
into = "dissolve 5f"
[[scene.shot]]
use = "sea"
for = 0.9
[[scene.shot]]
use = "drawing"
for = 0.6
[[scene.music]]
use = "beat"
{fit}
"""
LONG = """
[[scene]]
id = "long"
[[scene.shot]]
use = "drawing"
for = 8.1
[[scene.music]]
use = "beat"
fit = "scene"
"""
LOOP = """
[[scene]]
id = "{name}"
[[scene.shot]]
use = ["walk", "sea", "walk", "drawing"]
each = {each}
[[scene.shot]]
use = "drawing"
for = 4.5
[[scene.music]]
use = "{song}"
loop = true
"""
FILM = "".join(
    (
        f'{HEAD}[each]\nsound = "mute"\n',
        SHORT.format(name="short", cut_to='cut_to = "beat"', fit='fit = "scene"'),
        LONG,
        LOOP.format(name="loop", each='"beat"', song="beat"),
        SHORT.format(name="short-off", cut_to="", fit=""),
        LOOP.format(name="loop-off", each=0.5, song="uncounted"),
    )
)
"""Each scene with the words, and two of them without."""


def _library(tiny_library: Path, folder: Path) -> Path:
    """The small library with a song of short tones: higher ones where bars begin, its last one the highest."""
    shutil.copytree(tiny_library, folder)
    song = silence(seconds=Fraction(FIRST + 2 * BARS * BEAT))
    for number in range(2 * BARS):
        start = round((FIRST + number * BEAT) * RATE)
        hertz = 5000 if number == 2 * BARS - 1 else 1000 if number % 2 else 3000
        burst = tone(seconds=Fraction(1, 50), peak_dbfs=-6, hertz=hertz)
        song[start : start + len(burst)] = burst
    for name in ("beat.wav", "uncounted.wav"):
        write_sound(folder / name, song, rate=RATE)
    with (folder / "contributions.toml").open("a", encoding="utf-8") as listing:
        listing.write(LISTED)
    return folder


Tones = list[tuple[float, str]]
"""When each begins, seconds, and which it is."""


def _tones(heard: np.ndarray) -> Tones:
    loud = np.flatnonzero(np.abs(heard) > 0.2 * np.abs(heard).max())
    starts = loud[np.flatnonzero(np.diff(loud, prepend=-RATE) > RATE // 20)]

    def kind(start: int) -> str:
        turns = np.count_nonzero(np.diff(np.signbit(heard[start : start + RATE // 100])))
        return "last" if turns > 80 else "bar" if turns > 40 else "beat"

    return [(int(start) / RATE, kind(start)) for start in starts]


class Film:
    """A film, and what is seen and heard in it."""

    def __init__(self, folder: Path, library: Path):
        manifest = lay_episode(folder / "film", library, FILM)
        report: dict[str, Any] = read_report(built(wish_for(manifest), quiet))
        (self.delivery,) = report["deliveries"]
        file = film_of(manifest)
        self.codes, self.tones = codes_in(pictures_in(file)), _tones(decoded(file).mean(axis=0))

    def scene(self, name: str) -> tuple[float, float]:
        """Where a scene begins and ends, seconds."""
        own = [shot for shot in self.delivery["shots"] if shot["name"].startswith(f"{name}/")]
        return own[0]["start_frame"] / FPS, (own[-1]["start_frame"] + own[-1]["length_frames"]) / FPS

    def heard_in(self, name: str) -> Tones:
        """The tones that begin in a scene."""
        first, last = self.scene(name)
        return [one for one in self.tones if first <= one[0] < last]

    def cuts_in(self, name: str) -> list[float]:
        """When another clip comes to be seen, or one without a code, from a scene's first frame on."""
        first, last = (round(second * FPS) for second in self.scene(name))
        kinds = [None if code is None else code // 1000 for code in self.codes[first:last]]
        return [(first + at) / FPS for at in range(1, len(kinds)) if kinds[at] != kinds[at - 1]]

    def off_beat(self, name: str, cuts: list[float]) -> float:
        """How far cuts are from the nearest tone at most, seconds."""
        times = [at for at, _ in self.heard_in(name)]
        return max(min(abs(cut - at) for at in times) for cut in cuts)

    def stumbles(self, name: str) -> float:
        """How far a tone is from where the one before says, at most, seconds."""
        return float(np.abs(np.diff([at for at, _ in self.heard_in(name)]) - BEAT).max())


@pytest.fixture(scope="module")
def film(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Film:
    folder = tmp_path_factory.mktemp("music")
    return Film(folder, _library(tiny_library, folder / "library"))


HALF_A_FRAME = 1 / FPS / 2 + 0.001


def test_the_film_is_verified_and_says_what_was_done(film: Film):
    assert film.delivery["verified"]
    told = [one["found"] for one in film.delivery["findings"] if one["rule"] == "fitted"]
    assert len(told) == 2, film.delivery["findings"]
    assert all("jumps from 0:0" in one for one in told)


def test_cuts_in_the_picture_are_on_beats_of_the_sound(film: Film):
    """The two hard cuts of the scene; without the words they are not."""
    assert film.off_beat("short", film.cuts_in("short")[-2:]) <= HALF_A_FRAME
    assert film.off_beat("short-off", film.cuts_in("short-off")[-2:]) > 0.05


@pytest.mark.parametrize(("name", "on"), [("short", True), ("short-off", False)])
def test_the_middle_of_a_dissolve_is_on_a_beat(film: Film, name: str, on: bool):
    (start,) = [one["start_frame"] for one in film.delivery["shots"] if one["name"] == f"{name}/2"]
    assert (film.off_beat(name, [(start + 2.5) / FPS]) <= HALF_A_FRAME) == on


def test_pictures_change_with_the_beat(film: Film):
    assert len(film.cuts_in("loop")) == 3
    assert film.off_beat("loop", film.cuts_in("loop")) <= HALF_A_FRAME
    assert film.off_beat("loop-off", film.cuts_in("loop-off")) > 0.05


@pytest.mark.parametrize(("name", "least"), [("short", 5), ("long", 18), ("loop", 14)])
def test_the_beat_goes_on_over_every_jump(film: Film, name: str, least: int):
    """No gap and no stumble, within 5 ms; and a bar begins with every second beat."""
    tones = film.heard_in(name)
    assert len(tones) >= least
    assert film.stumbles(name) < 0.005
    assert all((kind == "bar") != (after == "bar") for (_, kind), (_, after) in pairwise(tones))


def test_without_bars_a_loop_stumbles(film: Film):
    assert film.stumbles("loop-off") > 0.1


@pytest.mark.parametrize("name", ["short", "long"])
def test_fitted_music_comes_to_its_own_end_with_its_scene(film: Film, name: str):
    """Its last tone begins a beat before its end, and that lies within half a bar of the scene's, which is a beat."""
    tones = film.heard_in(name)
    assert [kind for _, kind in tones].index("last") == len(tones) - 1
    assert abs(film.scene(name)[1] - BEAT - tones[-1][0]) <= BEAT + 0.05


def test_without_a_fit_the_song_is_cut_off(film: Film):
    assert "last" not in [kind for _, kind in film.heard_in("short-off")]

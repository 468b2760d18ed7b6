"""Songs are counted: each beat where it was played, or where the library says it is; and what has none is not."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from benchmarks.beats.judging import NEAR, agreed, hits
from crowdcut.contributions import Contribution
from crowdcut.findings import Where
from crowdcut.library import Library, library_from
from crowdcut.manifest import manifest_from
from crowdcut.records import record_from
from crowdcut.song.beats import CONFIDENCE_LEAST, Beats
from crowdcut.song.counting import needs_beats, remarks, uncounted
from crowdcut.sound.orders import BeatsOrder, Heard
from examples.makers.choir import in_room, song, sung
from examples.makers.songs import Score, held_chord, played, rain
from examples.makers.sounds import write_sound
from farm.build import planned
from renderers import beats
from renderers.job import Input
from renderers.song import beat_tracking
from tests.small_film import quiet, wish_for

HEARD = Heard(stream=0, origin=Fraction(0))
TOLD = {"song": Where(file="episode.toml")}


def counted(folder, sound, **told):
    path = write_sound(folder / "song.wav", np.asarray(sound, np.float32)[:, None], rate=48_000)
    return record_from(beats.run(BeatsOrder(heard=HEARD, **told), {"file": Input(path=path)}, path), Beats)


@pytest.fixture
def listed() -> Library:
    return _listed()


def _listed(**told) -> Library:
    one = Contribution(id="song", file=None, name="song.wav", **told)
    return Library(contributors={}, contributions={"song": one})


SCORES = {
    "straight": Score(sections=((9, 100.37),), pickup=1, seed=3),
    "swung": Score(sections=((11, 128.0),), pickup=2, swing=2 / 3, seed=6),
    "slow": Score(sections=((6, 64.0),), swing=2 / 3, seed=2),
    "fast": Score(sections=((14, 180.0),), seed=5),
    "no drums": Score(sections=((9, 97.0),), pickup=3, drums=False, seed=5),
    "no drums, swung": Score(sections=((10, 110.0),), pickup=1, swing=2 / 3, drums=False, seed=8),
    "waltz": Score(sections=((14, 118.0),), pickup=1, meter=3, drums=False, seed=11),
    "faster in the middle": Score(sections=((6, 90.0), (8, 120.0)), pickup=1, seed=4),
    "slower, no drums": Score(sections=((7, 128.0), (6, 100.0)), drums=False, seed=9),
    "by hand": Score(sections=((9, 100.0),), humanly=0.01, seed=7),
}


@pytest.mark.parametrize("name", SCORES)
def test_a_beat_is_where_it_was_played(tmp_path, name):
    score = SCORES[name]
    made = played(score)
    found = counted(tmp_path, made.sound, meter=score.meter)
    assert agreed(made.beats, found.times) >= 0.95, found
    assert hits(made.bars, found.bars) >= 0.95, found
    assert found.guessed
    assert found.confidence > CONFIDENCE_LEAST + 0.05
    # What the figures would say of beats 40 ms off.
    assert agreed(made.beats, [one + Fraction(4, 100) for one in found.times]) < 0.5


@pytest.mark.parametrize(
    "score", [Score(sections=((13, 170.37),), drums=False, seed=39), Score(sections=((6, 60.37),), seed=1)]
)
def test_twice_or_half_the_tempo_is_said(tmp_path, listed, score):
    """170 in crotchets and minims, or 60 with drums on every quaver, may as well be 85 or 120: the library knows."""
    made, bpm = played(score), score.sections[0][1]
    found = counted(tmp_path, made.sound)
    assert agreed(made.beats, found.times) < 0.7
    assert float(found.other_bpm) == pytest.approx(bpm, rel=0.005)
    (said,) = remarks(TOLD, listed, {"song": found})
    assert (said.severity, said.rule) == ("note", "guessed-beats")
    assert f"{float(found.bpm):.4g} a minute (or {float(found.other_bpm):.4g})" in said.found
    told = counted(tmp_path, made.sound, bpm=Fraction(round(bpm)))
    assert agreed(made.beats, told.times) >= 0.95
    assert told.other_bpm is None


@pytest.mark.parametrize("bpm", [Fraction(100), Fraction("100.5"), Fraction(171)])
def test_with_tempo_and_first_bar_given_beats_lie_where_they_say(tmp_path, bpm):
    made = played(Score(sections=((8, float(bpm)),), pickup=1, lead=0.25, drums=False, seed=3))
    found = counted(tmp_path, made.sound, bpm=bpm, first_bar=Fraction(1, 4) + 60 / bpm)
    assert hits(made.beats, found.times, 0.0001) == hits(made.bars, found.bars, 0.0001) == 1
    assert {later - one for one, later in pairwise(found.times)} == {60 / bpm}
    assert (found.confidence, found.guessed) == (1, False)
    assert found.apart_ms < NEAR * 1000
    assert not list(remarks(TOLD, _listed(bpm=bpm, first_bar=Fraction(1)), {"song": found}))


def test_beats_that_are_given_and_not_heard_are_said(tmp_path, listed):
    made = played(Score(sections=((12, 100.5),), lead=0, seed=3))
    drifts = counted(tmp_path, made.sound, bpm=Fraction(100), first_bar=Fraction(0))
    # Each beat is 2.985 ms shorter; the middle of the last four bars is the fortieth.
    assert drifts.apart_ms == pytest.approx(40 * 2.985, abs=8)
    assert float(drifts.heard_bpm) == pytest.approx(100.5, abs=0.05)
    (said,) = remarks(TOLD, listed, {"song": drifts})
    assert (said.severity, said.rule) == ("note", "other-beats")
    assert "100.5 a minute" in said.found
    other = counted(tmp_path, made.sound, bpm=Fraction(83), first_bar=Fraction(0))
    (said,) = remarks(TOLD, listed, {"song": other})
    assert "cannot be heard in it" in said.found


def test_a_short_loop_is_laid_as_it_is_given(tmp_path):
    """Two seconds say nothing of a tempo, and are not complained of."""
    made = played(Score(sections=((1, 120.0),), lead=0, seed=3))
    found = counted(tmp_path, made.sound[:96_000], bpm=Fraction(120), first_bar=Fraction(0))
    assert (found.times, found.bar_starts, found.heard) == (tuple(Fraction(one, 2) for one in range(5)), (0, 4), None)
    assert not list(remarks(TOLD, _listed(bpm=Fraction(120), first_bar=Fraction(0)), {"song": found}))


def test_a_bar_begins_where_the_library_says(tmp_path):
    made = played(Score(sections=((8, 120.0),), seed=4))
    assert hits(made.bars, counted(tmp_path, made.sound).bars) == 1
    second = Fraction(made.beats[1]).limit_denominator(1000)
    found = counted(tmp_path, made.sound, first_bar=second)
    assert hits(made.beats[1::4], found.bars) == 1
    assert not found.guessed


def _speech():
    """One voice that begins notes when it likes to."""
    notes = song(seed=4, seconds=25, bpm=170)
    return in_room(sung(notes, seed=2, jitter=0.25), seed=3)


NOT_MUSIC = {
    "rain": lambda: rain(seconds=30),
    "a shower": lambda: rain(seconds=12),
    "chord": lambda: held_chord(seconds=30),
    "speech": _speech,
    "noise": lambda: 0.1 * np.random.default_rng(1).standard_normal(48_000 * 30),
    "silence": lambda: np.zeros(48_000 * 20),
    "a moment": lambda: np.ones(100),
}


@pytest.mark.parametrize("name", NOT_MUSIC)
def test_what_has_no_beat_is_refused_by_name(tmp_path, listed, name):
    found = counted(tmp_path, NOT_MUSIC[name]())
    assert found.confidence < CONFIDENCE_LEAST, found
    ((use, said),) = uncounted(TOLD, listed, {"song": found})
    assert (use, said.rule, said.severity) == ("song", "no-beat", "error")
    assert "song.wav has no clear beat" in said.found


def test_without_onsets_that_count_less_by_their_tempo_the_fastest_wins(tmp_path, monkeypatch):
    """The proof above is none if it holds for a tracker that is blind to what it weighs."""
    made = played(SCORES["slow"])
    monkeypatch.setattr(beat_tracking, "_SHARE", 0.0)
    monkeypatch.setattr(beat_tracking, "liking", lambda bpm: 0 * bpm)
    assert agreed(made.beats, counted(tmp_path, made.sound).times) < 0.95


LISTING = """\
[[contributor]]
id = "x"
name = "X"
[[contribution]]
id = "song"
file = "song.wav"
by = ["x"]
"""
EPISODE = """\
format = 1
title = "T"
delivery = ["proxy"]
library = ["library"]
[[music]]
use = "song"
{}
[[scene]]
[[scene.shot]]
text = "T"
for = 3
"""


def _read(folder, lines):
    (folder / "contributions.toml").write_text(LISTING + lines)
    library, findings = library_from((folder,))
    one = library.contributions["song"]
    return (one.bpm, one.meter, one.first_bar), {found.rule for found in findings}


def test_the_words_of_a_song(tmp_path):
    (tmp_path / "song.wav").touch()
    told = (Fraction("96.5"), 3, Fraction(5, 4))
    assert _read(tmp_path, 'bpm = 96.5\nmeter = 3\nfirst_bar = "0:01.25"\n') == (told, set())
    for wrong in ("bpm = 0", "bpm = 500", "meter = 0", "meter = 17"):
        assert _read(tmp_path, wrong)[1] == {"wrong-value"}
    assert _read(tmp_path, "meter = 2.5")[1] == {"wrong-type"}
    (tmp_path / "contributions.toml").unlink()
    (tmp_path / "contributors.csv").write_text("id,name\nx,X\n")
    (tmp_path / "contributions.csv").write_text('file,by,bpm,meter,first_bar\nsong.wav,x,"96,5",3,0:01.25\n')
    library, findings = library_from((tmp_path,))
    one = library.contributions["song.wav"]
    assert (one.bpm, one.meter, one.first_bar) == told
    assert not findings


def test_a_production_knows_the_beats_of_what_loops(tmp_path):
    library = tmp_path / "library"
    library.mkdir()
    made = played(Score(sections=((2, 120.0),), lead=0, seed=3))
    write_sound(library / "song.wav", made.sound[:, None], rate=48_000)
    (library / "contributions.toml").write_text(LISTING + 'bpm = 120\nfirst_bar = "0:00"\n')
    (tmp_path / "episode.toml").write_text(EPISODE.format("loop = true"))
    production, _, _ = planned(wish_for(tmp_path / "episode.toml"), quiet)
    assert production.beats["song"].bars[:2] == (0, 2)
    (tmp_path / "episode.toml").write_text(EPISODE.format(""))
    manifest, known, _ = manifest_from(tmp_path / "episode.toml")
    assert manifest is not None
    assert needs_beats(manifest, known) == {}

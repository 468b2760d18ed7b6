"""Songs are counted: each beat where it was played, or where the library says it is."""

from fractions import Fraction

import numpy as np
import pytest

from crowdcut.beats import Beats
from crowdcut.orders import BeatsOrder, Heard
from crowdcut.records import record_from
from examples.makers.songs import Score, played
from examples.makers.sounds import write_sound
from renderers import beats
from renderers.job import Input

HEARD = Heard(stream=0, origin=Fraction(0))


def counted(path, **told):
    return record_from(beats.run(BeatsOrder(heard=HEARD, **told), {"file": Input(path=path)}, path), Beats)


def hits(wanted, found, near):
    found = np.array([float(one) for one in found])
    return float(np.mean([np.abs(found - one).min() <= near for one in wanted]))


def test_a_beat_is_where_it_was_played(tmp_path):
    song = played(Score(sections=((9, 100.0),), pickup=1, seed=3))
    found = counted(write_sound(tmp_path / "song.flac", song.sound[:, None], rate=48_000))
    assert hits(song.beats, found.times, 0.03) >= 0.95
    assert hits(found.times, song.beats, 0.03) >= 0.95
    assert hits(found.bars, song.bars, 0.03) == 1
    assert found.guessed


@pytest.mark.parametrize("bpm", [100, Fraction("100.5")])
def test_with_tempo_and_first_bar_given_beats_lie_where_they_say(tmp_path, bpm):
    song = played(Score(sections=((4, float(bpm)),), pickup=1, lead=0.25, seed=3))
    told = {"bpm": Fraction(bpm), "first_bar": Fraction(1, 4) + 60 / Fraction(bpm)}
    found = counted(write_sound(tmp_path / "song.flac", song.sound[:, None], rate=48_000), **told)
    assert hits(song.beats, found.times, 0.001) == hits(song.bars, found.bars, 0.001) == 1
    assert (found.confidence, found.guessed) == (1, False)

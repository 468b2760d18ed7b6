"""Found beats are judged by what was played: right, twice or half, neither; as they come and moved."""

import numpy as np
import pytest

from benchmarks.beats.judging import Answer, best_moved, counts_of, hits, judged, lateness_ms, verdict
from benchmarks.beats.songs import scores
from examples.makers.songs import Score, played

SLOW = np.arange(0, 24, 0.8)
FAST = 24 + np.arange(0, 24, 0.5)


def answer(*found):
    wanted = np.concatenate([SLOW, FAST])
    return Answer(wanted=tuple(wanted), sections=(len(SLOW), len(FAST)), found=tuple(np.concatenate(found)))


def doubled(beats):
    return np.sort(np.concatenate([beats, (beats[1:] + beats[:-1]) / 2]))


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ((SLOW, FAST), "right"),
        ((SLOW + 0.029, FAST - 0.029), "right"),
        ((SLOW[2:], FAST[:-1]), "right"),
        ((SLOW, FAST[1::2]), "twice or half"),
        ((doubled(SLOW), FAST[::2]), "twice or half"),
        ((SLOW, FAST + 0.031), "neither"),
        ((SLOW[::2], FAST[::3]), "neither"),
        ((SLOW,), "neither"),
        (([],), "neither"),
    ],
)
def test_beats_are_those_that_were_played_or_others(found, wanted):
    assert verdict(answer(*found)) == wanted


def test_what_is_late_everywhere_is_moved_as_serves_best():
    late = [answer(SLOW + 0.04, FAST + 0.04), answer(SLOW + 0.045, FAST[::2] + 0.045)]
    assert judged(late) == {"right": 0, "twice or half": 0, "neither": 2}
    assert lateness_ms(late) == pytest.approx((40, 45), abs=0.1)
    assert lateness_ms([answer([])]) is None
    shift, moved = best_moved(late)
    assert -0.046 <= shift <= -0.014
    assert moved == {"right": 1, "twice or half": 1, "neither": 0}


def test_what_is_near_is_found_in_any_order():
    assert hits([1, 2, 3], [3.03, 0.98, 9]) == pytest.approx(2 / 3)
    assert hits([1], []) == hits([], [1]) == 0


def test_the_songs_are_64_of_the_kinds_that_the_page_names():
    songs = scores()
    assert len(songs) == len(set(songs)) == 64
    assert sum(score.drums for score in songs) == 32
    assert {len(score.sections) for score in songs} == {1, 2}
    for score in songs:
        assert 40 <= sum(bars * score.meter * 60 / bpm for bars, bpm in score.sections) <= 60
        assert all(60 <= bpm <= 181 for _, bpm in score.sections)


def test_beats_are_counted_by_their_tempo():
    score = Score(sections=((1, 60.0), (2, 120.0)), pickup=2, meter=3, drums=False)
    assert counts_of(score) == (5, 6)
    assert sum(counts_of(score)) == len(played(score).beats)

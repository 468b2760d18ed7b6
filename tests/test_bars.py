"""Songs of another length: jumps go from bar line to bar line, keep both ends, and miss by half a bar at most."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowdcut.cut.bars import Passage, fitted, looped, seconds_of

BAR = Fraction(2)


def _bars(seconds: int, *, first: Fraction = Fraction(1, 2), jitter: int = 0) -> list[Fraction]:
    """Bar lines every two seconds; ``jitter``: every third one is so many milliseconds late."""
    count = int((seconds - first) / BAR) + 1
    return [first + number * BAR + Fraction(jitter * (number % 3 == 0), 1000) for number in range(count)]


def _assert_on_bars(passages: tuple[Passage, ...], bars: list[Fraction]) -> None:
    assert all(one.end > one.start for one in passages)
    for before, after in pairwise(passages):
        assert before.end in bars
        assert after.start in bars


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 200), st.integers(8, 400), st.integers(0, 20))
def test_a_song_ends_within_half_a_bar_of_its_time(seconds, room, jitter):
    bars = _bars(seconds, jitter=jitter)
    passages = fitted(bars, Fraction(0), Fraction(seconds), Fraction(room), BAR)
    assert passages
    _assert_on_bars(passages, bars)
    assert (passages[0].start, passages[-1].end) == (0, seconds)
    assert abs(seconds_of(passages) - room) <= BAR / 2 + Fraction(1, 20)
    # A bar at least is heard between jumps, and no more jumps are made than must be.
    assert min(one.end - one.start for one in passages) >= BAR
    assert len(passages) - 1 <= (1 if seconds >= room else -(-(room - seconds) // (bars[-2] - bars[0])))


def test_a_song_that_is_long_enough_by_itself_is_played_through():
    assert fitted(_bars(60), Fraction(0), Fraction(60), Fraction("60.9"), BAR) == (
        Passage(start=Fraction(0), end=Fraction(60)),
    )


def test_a_jump_leaves_whole_phrases_and_lies_in_the_middle():
    first, second = fitted(_bars(100), Fraction(0), Fraction(100), Fraction(60), BAR)
    assert _bars(100).index(first.end) % 4 == 0
    assert abs((first.end - first.start) - (second.end - second.start)) <= 4 * BAR


@pytest.mark.parametrize("room", [1, 3])
def test_no_jump_brings_a_song_to_a_bar_or_two(room):
    assert fitted(_bars(60), Fraction(0), Fraction(60), Fraction(room), BAR) == ()


def test_a_song_without_bars_is_not_fitted():
    assert fitted([], Fraction(0), Fraction(60), Fraction(30), BAR) == ()
    assert fitted([], Fraction(0), Fraction(60), Fraction(90), BAR) == ()


def test_a_loop_goes_from_its_last_bar_line_to_its_first():
    passages = looped(_bars(10), Fraction(0), Fraction(10), Fraction(25), BAR, Fraction(1, 10))
    assert [(one.start, one.end) for one in passages] == [(0, 8.5), (0.5, 8.5), (0.5, 8.5), (0.5, 1)]
    assert seconds_of(passages) == 25


def test_a_song_that_ends_with_its_last_bar_loops_there():
    passages = looped(_bars(9, first=Fraction(0)), Fraction(0), Fraction(10), Fraction(25), BAR, Fraction(1, 10))
    assert [(one.start, one.end) for one in passages] == [(0, 10), (0, 10), (0, 5)]


def test_what_has_one_bar_line_is_no_loop_of_bars():
    assert looped([Fraction(3)], Fraction(0), Fraction(4), Fraction(25), BAR, Fraction(1, 10)) == ()

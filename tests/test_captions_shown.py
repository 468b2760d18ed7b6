"""Cues become pictures one after another: none over another, no words lost, in the order in which they begin."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from caption_making import cue
from hypothesis import given, settings
from hypothesis import strategies as st

from crowdcut.disc.caption_orders import Caption
from crowdcut.disc.captions import GAP_FRAMES, captions_shown
from crowdcut.disc.cues import Cue
from crowdcut.findings import Finding

FILE = Path("a.srt")
SLIPS = 6
"""Frames by which a caption's ends may be moved at 30 a second: slips of timing, flashes, gaps."""


def shown(*cues: Cue, rate: Fraction | int = 24, seconds: int = 100) -> tuple[tuple[Caption, ...], tuple[Finding, ...]]:
    return captions_shown(cues, FILE, rate=Fraction(rate), length_frames=int(seconds * rate))


def said(captions: tuple[Caption, ...]) -> list[tuple[int, int, str]]:
    return [
        (one.start_frame, one.end_frame_exclusive, "+".join(its.lines[0][0].words for its in one.words))
        for one in captions
    ]


def test_cues_apart_keep_their_times() -> None:
    captions, findings = shown(cue(1, 3, "one"), cue(4, 6, "two"))
    assert said(captions) == [(24, 72, "one"), (96, 144, "two")]
    assert findings == ()


def test_who_speaks_at_once_is_read_at_once() -> None:
    captions, _ = shown(cue(1, 5, "one"), cue(2, 4, "two"))
    assert said(captions) == [(24, 48, "one"), (48, 96, "one+two"), (96, 120, "one")]


def test_a_slip_of_timing_is_no_talking_at_once() -> None:
    captions, _ = shown(cue(1, Fraction(31, 10), "one"), cue(3, 5, "two"))
    assert said(captions) == [(24, 72 - GAP_FRAMES, "one"), (72, 120, "two")]


def test_a_flash_becomes_a_part_of_what_it_touches() -> None:
    captions, _ = shown(cue(1, 5, "one"), cue(Fraction(25, 24), 5, "two"))
    assert said(captions) == [(24, 120, "one+two")]


def test_words_that_follow_at_once_leave_a_gap() -> None:
    captions, _ = shown(cue(1, 3, "one"), cue(3, 5, "two"), cue(Fraction(121, 24), 7, "three"))
    assert said(captions) == [(24, 70, "one"), (72, 119, "two"), (121, 168, "three")]


def test_frames_are_those_of_the_delivery() -> None:
    captions, _ = shown(cue(60, 62), rate=Fraction(30000, 1001))
    assert said(captions)[0][:2] == (1798, 1858)


def test_the_end_of_the_film_ends_its_captions() -> None:
    captions, findings = shown(cue(8, 12, "cut"), cue(10, 11, "late"), cue(50, 60, "later"), seconds=10)
    assert said(captions) == [(192, 240, "cut")]
    assert [(one.rule, one.severity, one.where.time) for one in findings] == [
        ("past-the-end", "warning", 10),
        ("past-the-end", "warning", 8),
    ]
    assert findings[0].found.startswith("2 cues")


def test_what_nobody_can_read_is_told_once() -> None:
    _, findings = shown(cue(1, Fraction(3, 2)), cue(4, 5, "x" * 21), cue(7, 8, "月" * 11), cue(10, 11, "月" * 9))
    assert [(one.rule, one.severity, one.where.time) for one in findings] == [
        ("short-caption", "note", 1),
        ("fast-caption", "note", 4),
    ]
    assert findings[1].found.startswith("2 cues")
    assert "22" in findings[1].found


def test_a_caption_that_stays_is_shown_again() -> None:
    captions, _ = shown(cue(0, 1500), rate=25, seconds=2000)
    assert said(captions) == [(0, 15000, "Hello"), (15000, 30000, "Hello"), (30000, 37500, "Hello")]


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), Fraction(30000, 1001)])
@settings(max_examples=150, deadline=None, database=None)
@given(
    times=st.lists(
        st.tuples(st.fractions(0, 50, max_denominator=100), st.fractions("1/1000", 9, max_denominator=1000)), max_size=9
    )
)
def test_whatever_cues_there_are(rate: Fraction, times: list[tuple[Fraction, Fraction]]) -> None:
    cues = [cue(start, start + length, f"cue {number}") for number, (start, length) in enumerate(sorted(times))]
    captions, _ = captions_shown(cues, FILE, rate=rate, length_frames=int(rate * 45))
    assert all(one.start_frame < one.end_frame_exclusive <= int(rate * 45) for one in captions)
    assert all(one.end_frame_exclusive <= after.start_frame for one, after in pairwise(captions))
    order = {one.words: number for number, one in enumerate(cues)}
    for one in captions:
        numbers = [order[its] for its in one.words]
        assert numbers == sorted(numbers), "the first to begin stands on top"
    for one in cues:
        pictures = [its for its in captions if one.words in its.words]
        start, end = one.start * rate, min(one.end * rate, int(rate * 45))
        if start + 1 < int(rate * 45):
            assert pictures, "no words are lost"
        for its in pictures:
            assert start - SLIPS <= its.start_frame
            assert its.end_frame_exclusive <= max(end, start + 1) + SLIPS
        seen = sum(its.end_frame_exclusive - its.start_frame for its in pictures)
        assert seen >= end - start - 2 * SLIPS - GAP_FRAMES, "nothing is taken off early"

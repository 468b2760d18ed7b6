"""J and L cuts: when a shot's own sound is heard, how it meets its neighbours', and what is told of it."""

from dataclasses import replace
from fractions import Fraction

import pytest
from desk_making import desk_for, film

from crowdcut.conform.record import Record
from crowdcut.cut.desk import Desk
from crowdcut.cut.joins import heard_apart, with_joins
from crowdcut.cut.placed import PlacedSound
from crowdcut.cut.timeline import timeline_from
from crowdcut.episode import Freeze, Into, Scene, Shot
from crowdcut.timing import SAMPLE_RATE

SHORT = 480
"""Samples of the template's fade."""


def _shot(number: int, **more: object) -> Shot:
    keys = {"use": "clip", "in_": Fraction(10), "length": Fraction(2), **more}
    return Shot(name=f"s/{number}", **keys)  # type: ignore[arg-type]


def _laid_out(*shots: Shot) -> tuple[tuple[PlacedSound, ...], Desk]:
    """The sounds of shots of two seconds each, of clips of 20 s of which ``silent`` has no sound."""
    media = {"clip": film(20, sound=True), "other": film(20, sound=True), "silent": film(20)}
    desk = desk_for([Scene(id="s", title="s", shots=shots)], media=media)
    timeline = timeline_from(desk)
    assert timeline is not None
    return timeline.sounds, desk


def _stretches(sounds: tuple[PlacedSound, ...]) -> list[tuple[Fraction, Fraction]]:
    """When each is heard, seconds."""
    ends = ((one.start_sample, one.end_sample_exclusive) for one in sounds)
    return [(Fraction(start, SAMPLE_RATE), Fraction(end, SAMPLE_RATE)) for start, end in ends]


def _told(desk: Desk) -> list[tuple[str, str | None, str, str | None]]:
    return [(one.rule, one.where.key, one.severity, one.where.shot) for one in desk.findings]


def test_a_j_cut_is_heard_before_it_is_seen_and_crossfaded_meanwhile():
    (first, second), desk = _laid_out(_shot(1), _shot(2, use="other", sound_in=Fraction(1, 2)))
    assert _stretches((first, second)) == [(0, 2), (Fraction(3, 2), 4)]
    assert second.source_start == Fraction(19, 2)
    assert (first.fade_out_samples, second.fade_in_samples) == (SAMPLE_RATE // 2, SAMPLE_RATE // 2)
    assert (first.fade, second.fade, desk.findings) == ("equal-power", "equal-power", [])


def test_an_l_cut_goes_on_over_the_next_picture():
    (first, second), desk = _laid_out(_shot(1, sound_out=Fraction(1)), _shot(2, use="other"))
    assert _stretches((first, second)) == [(0, 3), (2, 4)]
    assert (first.source_start, first.fade_out_samples, second.fade_in_samples) == (10, SAMPLE_RATE, SAMPLE_RATE)
    assert desk.findings == []


def test_a_sound_may_wait_for_another_to_end():
    keys = {"sound_out": Fraction(1)}, {"sound_in": Fraction(-1), "use": "other"}
    (first, second), _ = _laid_out(_shot(1, **keys[0]), _shot(2, **keys[1]))
    assert _stretches((first, second)) == [(0, 3), (3, 4)]
    assert second.source_start == 11
    assert {first.fade_out_samples, second.fade_in_samples} == {SHORT}
    assert {first.fade, second.fade} == {"raised-cosine"}


def test_a_dissolve_takes_its_share_of_a_j_cut():
    into = Into(kind="dissolve", length=Fraction(1, 2))
    (first, second), _ = _laid_out(_shot(1), _shot(2, use="other", into=into, sound_in=Fraction(1, 4)))
    assert _stretches((first, second)) == [(0, 2), (Fraction(5, 4), Fraction(7, 2))]
    assert {first.fade_out_samples, second.fade_in_samples} == {3 * SAMPLE_RATE // 4}


def test_beside_a_silent_shot_there_is_nothing_to_fade_into():
    (heard,), _ = _laid_out(_shot(1, use="silent"), _shot(2, sound_in=Fraction(1, 2)), _shot(3, use="silent"))
    assert (heard.fade_in_samples, heard.fade_out_samples) == (SHORT, SHORT)
    into = Into(kind="dissolve", length=Fraction(1, 2))
    (heard,), _ = _laid_out(_shot(1, use="silent"), _shot(2, sound_in=Fraction(1, 2), into=into))
    assert heard.fade_in_samples == SAMPLE_RATE


@pytest.mark.parametrize("speed", [Fraction(2), Fraction(1, 2)])
def test_what_is_heard_earlier_is_told_in_the_films_time_whatever_the_speed(speed):
    shots = _shot(1), _shot(2, speed=speed, sound_in=Fraction(1, 2), sound_out=Fraction(1, 4)), _shot(3)
    (_, heard, _), desk = _laid_out(*shots)
    assert (heard.source_start, desk.findings) == (10 - speed / 2, [])
    assert heard.length_samples == SAMPLE_RATE * 11 // 4


def test_backwards_what_is_heard_earlier_lies_later_in_the_clip():
    (_, heard, _), _ = _laid_out(
        _shot(1), _shot(2, reverse=True, sound_in=Fraction(1), sound_out=Fraction(1, 4)), _shot(3)
    )
    assert heard.source_start == 10 - Fraction(1, 4)
    assert _stretches((heard,)) == [(1, Fraction(17, 4))]


TOO_MUCH = {
    "the clip's start": ("s/2", "sound_in", (Fraction(3, 2), 4), [{}, {"in_": Fraction(1, 2)}]),
    "the clip's end": ("s/2", "sound_out", (2, 5), [{}, {"in_": Fraction(17)}, {}]),
    "its start, backwards": (
        "s/2",
        "sound_out",
        (2, Fraction(9, 2)),
        [{}, {"in_": Fraction(1, 2), "reverse": True}, {}],
    ),
    "the film's start": ("s/2", "sound_in", (0, Fraction(9, 4)), [{"length": Fraction(1, 4)}, {}]),
    "the film's end": ("s/2", "sound_out", (2, 4), [{}, {}]),
}
"""What ends before 2 s of sound are there: whose key asks for them, when that shot is heard, and all shots."""


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_neither_clip_nor_film_has_is_left_out_and_told(name):
    shot, key, stretch, keys = TOO_MUCH[name]
    wishes = [{**one, key: Fraction(2)} if number == 2 else one for number, one in enumerate(keys, 1)]
    sounds, desk = _laid_out(*(_shot(number, **one) for number, one in enumerate(wishes, 1)))
    rule = "begins-late" if key == "sound_in" else "ends-early"
    assert _told(desk) == [(rule, key, "warning", shot)]
    assert _stretches(sounds)[1] == stretch


def test_less_than_a_frame_is_no_slip():
    _, desk = _laid_out(_shot(1), _shot(2, in_=Fraction(1), sound_in=Fraction("1.04")))
    assert desk.findings == []


def test_a_sound_that_would_end_before_it_begins_is_refused():
    sounds, desk = _laid_out(_shot(1), _shot(2, sound_in=Fraction(-1), sound_out=Fraction(-1)))
    assert (len(sounds), _told(desk)) == (1, [("empty", "sound_out", "error", "s/2")])


@pytest.mark.parametrize("keys", [{"sound": "mute"}, {"use": "silent"}, {"freeze": Freeze()}])
def test_a_silent_shots_wish_is_noted(keys):
    sounds, desk = _laid_out(_shot(1, sound_in=Fraction(1), **keys))
    assert (sounds, _told(desk)) == ((), [("no-sound", "sound_in", "note", "s/1")])


def test_each_cell_has_its_own():
    cells = tuple(_shot(2, cell=number, use=use, length=None) for number, use in ((1, "clip"), (2, "other")))
    cells = (replace(cells[0], sound_in=Fraction(1)), cells[1])
    grid = Shot(name="s/2", length=Fraction(2), layout="grid", cells=cells)
    (first, early, on_time), desk = _laid_out(_shot(1), grid)
    assert _stretches((early, on_time)) == [(1, 4), (2, 4)]
    assert (first.fade_out_samples, early.fade_in_samples, on_time.fade_in_samples) == (SAMPLE_RATE, SAMPLE_RATE, SHORT)
    assert desk.findings == []


def test_the_record_and_the_appearances_tell_it():
    (_, heard), _ = _laid_out(_shot(1), _shot(2, sound_in=Fraction(1, 2), sound_out=Fraction(-1, 4)))
    records = with_joins({"s/2": {"clip": Record(done=("scaled",))}}, (heard,))
    sentences = "its sound begins 0:00.5 before its picture", "its sound ends 0:00.25 before its picture"
    assert records["s/2"]["clip"].done == ("scaled", *sentences)
    assert heard_apart(heard, Fraction(25)) == (13, 0)
    assert heard_apart(None, Fraction(25)) == (0, 0)

"""A disc's time: fields, groups and units, and the buffer that pieces share."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from crowdcut.disc.cadence import FILM, Cadence, cadence_for
from crowdcut.disc.standards import CLOCK, NTSC, PAL, VBV_BITS
from crowdcut.disc.vobus import begins_unit, chapters_apart
from crowdcut.orders import Chapter
from renderers.disc.vbv import AGREED_BITS, ARRIVING_BITS, buffer_of

PULLDOWN, VIDEO, EUROPE = (cadence_for(*one) for one in ((NTSC, FILM), (NTSC, Fraction(30)), (PAL, Fraction(24))))
CADENCES = st.sampled_from([PULLDOWN, VIDEO, EUROPE])


def test_film_keeps_its_pictures_on_ntsc_alone():
    assert cadence_for(NTSC, Fraction(24)) == PULLDOWN
    assert (PULLDOWN.rate, VIDEO.rate, EUROPE.rate) == (Fraction(24000, 1001), Fraction(30000, 1001), 25)
    assert [one.pulldown for one in (PULLDOWN, VIDEO, EUROPE)] == [True, False, False]


def test_pictures_last_three_and_two_fields_in_turn():
    assert [PULLDOWN.fields(frame) for frame in range(8)] == [3, 2, 3, 2, 3, 2, 3, 2]
    assert [PULLDOWN.top_field_first(frame) for frame in range(8)] == [True, False, False, True] * 2
    assert {VIDEO.fields(frame) for frame in range(9)} == {2}
    assert all(VIDEO.top_field_first(frame) for frame in range(9))


@given(CADENCES, st.integers(0, 200_000))
def test_fields_follow_each_other_at_the_pictures_rate(cadence: Cadence, frame: int):
    assert cadence.first_field(frame + 1) == cadence.first_field(frame) + cadence.fields(frame)
    # The first field of a picture has the other parity than the last one of the picture before.
    last = cadence.first_field(frame + 1) - 1
    assert (last % 2 == 0) != cadence.top_field_first(frame + 1)
    late = Fraction(cadence.ticks(frame), CLOCK) - frame / cadence.rate
    assert -Fraction(1, CLOCK) <= late <= cadence.standard.field_ticks / CLOCK / 2


@given(CADENCES, st.integers(0, 1000))
def test_a_group_keeps_to_the_standard_wherever_it_begins(cadence: Cadence, start: int):
    def fields(frames):
        return cadence.first_field(start + frames) - cadence.first_field(start)

    assert fields(cadence.gop_frames) <= cadence.standard.gop_fields_max
    assert fields(cadence.gop_frames + 1) > cadence.standard.gop_fields_max


def test_time_codes_count_whole_frames():
    assert VIDEO.timecode(30 * 3600 + 61) == (1, 0, 2, 1)
    assert PULLDOWN.timecode(24) == (0, 0, 1, 0)
    assert EUROPE.timecode(25 * 86_400) == (0, 0, 0, 0)


@given(st.lists(st.integers(1_500, 54_000), max_size=60), st.data())
def test_units_begin_with_chapters_and_last_long_enough(gaps: list[int], data: st.DataObject):
    groups = [sum(gaps[:count]) for count in range(len(gaps) + 1)]
    wished = sorted({0} | set(data.draw(st.lists(st.sampled_from(groups), max_size=8))))
    chapters = [moment for number, moment in enumerate(wished) if not number or moment - wished[number - 1] >= 36_000]
    starts: list[int] = []
    for moment in groups:
        if begins_unit(moment, starts[-1] if starts else None, chapters):
            starts.append(moment)
    assert starts[0] == 0
    assert set(chapters) <= set(starts)
    for first, second in pairwise(starts):
        assert second - first >= 36_000


_PIECE = st.lists(st.integers(20_000, 900_000), min_size=1, max_size=40)


@example(
    PULLDOWN, [[20_000, 20_000, 20_000, 306_974, 502_441, 900_000], [20_000]]
)  # full, and so a third of a bit short
@given(CADENCES, st.lists(_PIECE, min_size=1, max_size=12))
def test_pieces_that_keep_the_agreement_can_be_joined_in_any_order(cadence: Cadence, pieces: list[list[int]]):
    kept = [piece for piece in pieces if buffer_of(piece, cadence).keeps_agreement]
    held, frame = Fraction(AGREED_BITS), 0
    for piece in kept:
        assert held >= AGREED_BITS
        for bits in piece:
            held -= bits
            assert held >= 0
            shown = cadence.fields(frame) * cadence.standard.field_ticks / CLOCK
            held = min(Fraction(VBV_BITS), held + shown * ARRIVING_BITS)
            frame += 1


def test_a_piece_may_not_leave_less_than_it_found():
    # A twenty-fourth of a second brings 9.2 Mb/s / 24 = 383 kbit, and no more may be taken.
    assert buffer_of([380_000], PULLDOWN).keeps_agreement is False  # it may last two fields only: 307 kbit
    assert buffer_of([300_000], PULLDOWN).keeps_agreement
    assert not buffer_of([1_300_000, 1_000, 1_000, 1_000, 1_000, 1_000], VIDEO).keeps_agreement


def test_chapters_that_no_player_can_be_sent_to_are_left_out():
    chapters = tuple(Chapter(title=str(frame), start_frame=frame) for frame in (0, 9, 10, 19, 40))
    assert [one.start_frame for one in chapters_apart(chapters, PULLDOWN)] == [0, 10, 40]
    assert [one.start_frame for one in chapters_apart(chapters, EUROPE)] == [0, 10, 40]

"""What a list of timestamps says of a stream."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.files.timestamps import USUAL_RATES, is_increasing, pace_of

MILLISECOND = Fraction(1, 1000)


@given(
    rate=st.sampled_from([rate for rate in USUAL_RATES if rate >= 5]),
    count=st.integers(60, 300),
    start=st.fractions(0, 20),
    base=st.sampled_from([Fraction(1, 1000), Fraction(1, 90_000), Fraction(1, 15_360), Fraction(1, 1_000_000)]),
)
def test_rounded_timestamps_of_a_usual_rate_are_constant(rate: Fraction, count: int, start: Fraction, base: Fraction):
    ticks = [round((start + number / rate) / base) for number in range(count)]
    pace = pace_of(ticks, time_base=base, hint=rate)
    assert pace.constant
    assert pace.rate == rate
    assert pace.duration == count / rate


def test_film_rate_is_told_from_24_without_a_hint():
    ticks = [round(number * Fraction(1001, 24) * 1) for number in range(240)]
    assert pace_of(ticks, time_base=MILLISECOND).rate == Fraction(24_000, 1001)


def test_milliseconds_kept_in_a_finer_clock_are_still_constant():
    ticks = [round(number * 1000 / 30) * 90 for number in range(90)]
    pace = pace_of(ticks, time_base=Fraction(1, 90_000))
    assert pace.constant
    assert pace.rate == 30


def test_one_picture_held_twice_as_long_makes_it_variable():
    ticks = [number * 512 for number in range(60) if number != 30]
    pace = pace_of(ticks, time_base=Fraction(1, 15_360), hint=Fraction(30))
    assert not pace.constant
    assert pace.duration == 2
    assert pace.rate == Fraction(59, 2)


def test_unusual_exact_rate_is_kept():
    pace = pace_of([number * 2998 for number in range(36)], time_base=Fraction(1, 90_000), hint=Fraction(45_000, 1499))
    assert pace.rate == Fraction(45_000, 1499)
    assert pace.constant


@pytest.mark.parametrize(("last", "shown"), [(3000, Fraction(1, 30)), (None, Fraction(1, 25)), (0, Fraction(1, 25))])
def test_a_single_picture_lasts_what_the_file_says(last: int | None, shown: Fraction):
    assert pace_of([7], time_base=Fraction(1, 90_000), last=last).duration == shown


def test_a_last_picture_of_minutes_is_not_believed():
    pace = pace_of([0, 10, 30, 40, 50], time_base=MILLISECOND, last=600_000)
    assert pace.duration == 60 * MILLISECOND


def test_increasing():
    assert is_increasing([1, 2, 5])
    assert not is_increasing([1, 2, 2])
    assert not is_increasing([1, None, 2])

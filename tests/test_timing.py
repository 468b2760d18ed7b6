"""Times mean what people mean by them, exactly; conversions round to the nearest, halves upward."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdcut.timing import (
    SAMPLE_RATE,
    clock,
    frames_to_samples,
    nearest,
    rate_from,
    seconds_from,
    seconds_to_frames,
    seconds_to_samples,
)

NTSC = Fraction(30000, 1001)
RATES = st.sampled_from([Fraction(24), Fraction(25), NTSC, Fraction(24000, 1001), Fraction(60)])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3.5", Fraction(7, 2)),
        (".5", Fraction(1, 2)),
        (" 7 ", Fraction(7)),
        ("0:03.5", Fraction(7, 2)),
        ("90:00", Fraction(5400)),
        ("1:02:03.04", Fraction(372304, 100)),
        ("01:00:00:12", 3600 + 12 / NTSC),
        ("72f", 72 / NTSC),
    ],
)
def test_times_as_people_write_them(text: str, seconds: Fraction) -> None:
    assert seconds_from(text, NTSC) == seconds


@pytest.mark.parametrize(
    "text", ["", "x", "-3", "1:60", "1:60:00", "0:0:00:30", "1:2:3:4:5", "3s", "5.", "1e3", "12 f", "1/2", "9" * 5000]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the reader's, not the user's
        seconds_from(text, NTSC)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("24", Fraction(24)),
        ("29.97", NTSC),
        ("30000/1001", NTSC),
        ("23.976", Fraction(24000, 1001)),
        (" 12.5 ", Fraction(25, 2)),
    ],
)
def test_rates(text: str, rate: Fraction) -> None:
    assert rate_from(text) == rate


@pytest.mark.parametrize("text", ["0", "-24", "1000", "fast", ""])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        rate_from(text)


@given(st.fractions(), st.integers())
def test_nearest_is_at_most_half_away_and_halves_go_up(value: Fraction, whole: int) -> None:
    assert -Fraction(1, 2) < nearest(value) - value <= Fraction(1, 2)
    assert nearest(whole + Fraction(1, 2)) == whole + 1


@given(st.integers(0, 10**7), RATES)
def test_frames_come_back_from_seconds(frames: int, rate: Fraction) -> None:
    assert seconds_to_frames(frames / rate, rate) == frames
    assert seconds_from(f"{frames}f", rate) == frames / rate
    assert frames_to_samples(frames, rate) == seconds_to_samples(frames / rate)


def test_a_second_of_samples() -> None:
    assert seconds_to_samples(Fraction(1)) == frames_to_samples(24, Fraction(24)) == SAMPLE_RATE
    assert frames_to_samples(5, NTSC) == 8008  # five frames of NTSC are a whole number of samples


@given(st.integers(0, 10**9))
def test_a_clock_reads_back(thousandths: int) -> None:
    seconds = Fraction(thousandths, 1000)
    assert seconds_from(clock(seconds), NTSC) == seconds


def test_clocks_as_people_read_them() -> None:
    assert [clock(Fraction(text)) for text in ("0", "130", "3.25", "3723.4", "-0.5")] == [
        "0:00", "2:10", "0:03.25", "1:02:03.4", "-0:00.5",
    ]  # fmt: skip

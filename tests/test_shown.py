"""Pictures dropped and repeated, as the conversion record counts them, against what a rendered piece really shows."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from film_making import write_film
from hypothesis import example, given, settings
from hypothesis import strategies as st
from piece_making import RASTER, media_of, rendered, shot_order, source_of

from crowdcut.conform.record import Record, measured, record_for
from crowdcut.conform.sampling import last_tick_at
from crowdcut.conform.shown import Shown, shown_from, ticks_told
from crowdcut.media import Picture
from crowdcut.orders import Video
from examples.makers import write_clip

MILLISECOND = Fraction(1, 1000)
UNEVEN = [0, 33, 66, 100, 300, 310, 320, 330, 700, 733, 766, 800, 833, 866, 1500, 1533, 1566, 1600, 1633, 1666]


def _as_rendered(path: Path, source: Video, frames: int) -> tuple[int, int]:
    """Frames repeated and pictures dropped, by the timestamps that the piece kept and those in the file."""
    order = shot_order(source, frames)
    (shown,) = rendered(order, path.parent, path.with_suffix(".piece.mp4"))["shown"]
    ticks = [tick for tick, _ in shown]
    seen = set(ticks)
    if source.picture.constant:
        # Evenly spaced: how many there are between two timestamps is their distance.
        assert source.picture.rate is not None
        assert source.picture.time_base is not None
        pictures = round((ticks[-1] - ticks[0]) * source.picture.time_base * source.picture.rate) + 1
    else:
        pictures = sum(ticks[0] <= tick <= ticks[-1] for tick in UNEVEN)
    return sum(one == two for one, two in pairwise(ticks)), pictures - len(seen)


@pytest.mark.parametrize(
    ("name", "rate", "start", "frames"),
    [
        ("a.mp4", 25, 0, 40),
        ("a.mp4", 60, Fraction(1, 7), 40),
        ("a.mp4", 15, Fraction(1, 3), 30),
        ("a.mkv", Fraction(30000, 1001), Fraction(1, 10), 40),
        ("a.mp4", 24, 0, 24),
    ],
)
def test_an_even_clip(tmp_path: Path, name: str, rate: Fraction, start: Fraction, frames: int):
    path = write_clip(tmp_path / name, width=64, height=36, rate=Fraction(rate), frames=int(2 * rate))
    media, source = media_of(path), source_of(path, start=start)
    assert isinstance(source, Video)
    found = shown_from(source.picture, media.ticks, start=source.start, step=1 / RASTER.rate, frames=frames)
    assert found is not None
    assert (found.repeated, found.dropped) == _as_rendered(path, source, frames)


@pytest.mark.parametrize(("start", "frames"), [(0, 39), (Fraction(1, 4), 20), (Fraction(1, 2), 5)])
def test_an_uneven_clip(tmp_path: Path, start: Fraction, frames: int):
    path = write_film(tmp_path / "a.mkv", frames=len(UNEVEN), ticks=UNEVEN, time_base=MILLISECOND)
    media, source = media_of(path), source_of(path, start=start)
    assert isinstance(source, Video)
    assert media.ticks == ticks_told(UNEVEN)
    found = shown_from(source.picture, media.ticks, start=source.start, step=1 / RASTER.rate, frames=frames)
    assert found is not None
    counted = _as_rendered(path, source, frames)
    assert (found.repeated, found.dropped) == counted
    cost = " | ".join(record_for(media, source, RASTER.rate, frames=frames).cost)
    assert f"({counted[0]} of {frames})" in cost
    # The mean rate would have told another story.
    assert source.picture.rate is not None
    mean = Picture(**{**_fields(source.picture), "constant": True})
    assert shown_from(mean, "", start=source.start, step=1 / RASTER.rate, frames=frames) != found


def _fields(picture: Picture) -> dict:
    return {name: getattr(picture, name) for name in Picture.__dataclass_fields__}


def _picture(rate: Fraction, pictures: int) -> Picture:
    return Picture(
        codec="h264", width=64, height=36, pixel_format="yuv420p", rate=rate, frames=pictures,
        time_base=Fraction(1, rate.numerator), duration=pictures / rate,
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@example(Fraction(60), 1, Fraction(-1, 7), Fraction(1, 24), 5)  # a picture that waits, and is the only one
@given(
    st.sampled_from([Fraction(12), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(60)]),
    st.integers(1, 60),
    st.fractions(-1, 2, max_denominator=50),  # a take that begins after its guide waits
    st.sampled_from(
        [Fraction(*step) for step in ((1, 24), (1001, 30000), (1, 50), (1, 12), (10001, 240000), (-1, 24), (0, 1))]
    ),
    st.integers(1, 80),
)  # fmt: skip
def test_arithmetic_and_looking_up_agree(rate: Fraction, pictures: int, start: Fraction, step: Fraction, frames: int):
    picture = _picture(rate, pictures)
    if step < 0:
        start += -step * frames
    ticks = [number * rate.denominator for number in range(pictures)]
    numbers = [
        max(0, sum(tick <= last_tick_at(picture, start + step * frame) for tick in ticks) - 1)
        for frame in range(frames)
    ]
    seen = set(numbers)
    wanted = Shown(
        frames=frames,
        pictures=max(seen) - min(seen) + 1,
        repeated=sum(one == two for one, two in pairwise(numbers)),
        dropped=max(seen) - min(seen) + 1 - len(seen),
    )
    assert shown_from(picture, "", start=start, step=step, frames=frames) == wanted


def test_what_rendering_counted_is_a_cost():
    record = Record(cost=("enlarged 2.00 times",))
    pieces = [
        {"frames": 30, "clipped_share": 0.04, "out_of_gamut_share": [0.0001, 0.9]},
        {"frames": 10, "clipped_share": 0, "out_of_gamut_share": [None]},
        {"frames": 5},
    ]
    told = measured(record, pieces)
    assert told.cost == ("enlarged 2.00 times", "3.0% of its pixels are highlights brighter than the delivery can show")
    assert measured(record, [{"frames": 3}]) is record

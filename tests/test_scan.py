"""Interlace: found by measuring whatever the header says, and undone at the rate that the programme can use."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from piece_making import RASTER, Planes, media_of, pictures_in, rendered, shot_order, shown_in, source_of

from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.record import record_for
from crowdcut.conform.sampling import ROUNDING_MAX, as_shown, tick_length
from crowdcut.conform.scan import field_order_of
from crowdcut.media import Picture, Scan
from crowdcut.orders import Raster, Video
from examples.makers import chart, write_clip
from renderers.video.scan import vote_of

SIZE = {"width": 192, "height": 108}
FINE = {"preset": "veryfast", "crf": "8"}
Order = Literal["tff", "bff"]
Draw = Callable[[int], NDArray[np.uint8]]


STEP, ROUND = 4, 40
"""Pixels that the bar moves by in a field, and fields until it is back where it was."""


def moving(field: int) -> NDArray[np.uint8]:
    """A bar that goes right, over a ground that stands still: where it is tells which field it is."""
    drawn = chart(**SIZE).copy()
    drawn[40:92] = 60
    left = field % ROUND * STEP
    drawn[40:92, left : left + 24] = (210, 190, 60)
    return drawn


def fields_in(pictures: list[Planes]) -> list[int]:
    """Which field each picture shows, of :data:`ROUND`."""
    brights = (luma[44:88].mean(axis=0) > 110 for luma, _, _ in pictures)
    return [round(float(np.flatnonzero(bright).mean() - 11.5) / STEP) for bright in brights]


def woven(draw: Draw, order: Order) -> Draw:
    """Frames whose lines are of two moments, in a clip whose header need not say so."""

    def frame(number: int) -> NDArray[np.uint8]:
        both = draw(2 * number).copy(), draw(2 * number + 1)
        top, bottom = both if order == "tff" else both[::-1]
        top = top.copy()
        top[1::2] = bottom[1::2]
        return top

    return frame


def clip(folder: Path, pictures: Order | None, header: Order | None, *, name: str = "a.mp4", **more: Any) -> Path:
    """A clip of ``pictures`` (None: progressive) under a ``header`` that may say otherwise."""
    draw = woven(moving, pictures) if pictures else lambda number: moving(2 * number)
    if header:
        # The maker weaves what it is given: two equal halves make the frame again.
        whole = draw
        draw = lambda field: whole(field // 2)  # noqa: E731
    told = {"frames": 40, "options": FINE, **more}
    return write_clip(folder / name, **SIZE, picture=draw, interlaced=header, **told)


def _picture(path: Path) -> Picture:
    picture = media_of(path).picture
    assert picture is not None
    return picture


@pytest.mark.parametrize("header", ["tff", "bff", None])
@pytest.mark.parametrize("pictures", ["tff", "bff", None])
def test_what_is_measured_goes_before_the_header(tmp_path, pictures, header):
    picture = _picture(clip(tmp_path, pictures, header))
    assert picture.interlaced == header
    assert field_order_of(picture) == pictures
    # The header alone would have it wrong.
    assert field_order_of(replace(picture, scan=None)) == header


def test_what_stands_still_is_left_to_the_header(tmp_path):
    still = moving(3)
    for header in ("bff", None):
        path = write_clip(tmp_path / f"{header}.mp4", **SIZE, frames=30, picture=lambda _: still, interlaced=header)
        picture = _picture(path)
        assert picture.scan == Scan()
        assert field_order_of(picture) == header


def test_a_long_clip_is_measured_where_its_beginning_leaves_a_doubt(tmp_path):
    # A title that stands for longer than the beginning that is decoded; then fields.
    def draw(number: int) -> NDArray[np.uint8]:
        big = np.full((576, 96, 3), 50, np.uint8)
        if number > 200:
            offset = number * 4 % 60
            top, bottom = big.copy(), big.copy()
            top[200:400, offset : offset + 20] = bottom[200:400, offset + 2 : offset + 22] = 220
            big[0::2], big[1::2] = top[0::2], bottom[1::2]
        return big

    path = tmp_path / "long.mp4"
    options = {"preset": "ultrafast", "crf": "18"}
    write_clip(path, width=96, height=576, frames=600, picture=draw, options=options, gop_frames=60)
    picture = _picture(path)
    assert picture.interlaced is None
    assert field_order_of(picture) == "tff"


def _wanted(rate: Fraction, count: int, start: Fraction) -> list[int]:
    """Fields on screen at the times of ``count`` frames."""
    return [int((start + number / rate) * 50) % ROUND for number in range(count)]


def _source(path: Path, rate: Fraction, start: Fraction) -> tuple[Video, Raster]:
    raster = replace(RASTER, rate=rate)
    source = source_of(path, start=start, raster=raster)
    assert isinstance(source, Video)
    conversion = conversion_for(
        source.picture, fit="contain", focus=(Fraction(1, 2), Fraction(1, 2)),
        region=source.conversion.box, flatten=None, rate=rate,
    )  # fmt: skip
    return replace(source, conversion=conversion), raster


@pytest.mark.parametrize("order", ["tff", "bff"])
@pytest.mark.parametrize("rate", [Fraction(50), Fraction(24), Fraction(30000, 1001)])
def test_both_fields_are_shown_where_the_programme_can_use_them(tmp_path, order, rate):
    source, raster = _source(clip(tmp_path, order, order), rate, Fraction(1, 5))
    assert source.conversion.field_rate
    pictures = shown_in(shot_order(source, 24, raster=raster), tmp_path, tmp_path / "piece.mp4")
    assert fields_in(pictures) == _wanted(rate, 24, Fraction(1, 5))
    # With the fields the wrong way round, motion goes back and forth.
    wrong = replace(source.conversion, field_order={"tff": "bff", "bff": "tff"}[order])
    shown = fields_in(
        shown_in(shot_order(replace(source, conversion=wrong), 24, raster=raster), tmp_path, tmp_path / "wrong.mp4")
    )
    assert shown != _wanted(rate, 24, Fraction(1, 5))
    if rate == 50:
        assert sum(after < before for before, after in pairwise(shown)) >= 8


@pytest.mark.parametrize(("name", "codec"), [("a.mpg", "mpeg2video"), ("a.mkv", "libx264"), ("a.avi", "mpeg4")])
def test_fields_in_every_container_from_deep_in_a_clip(tmp_path, name, codec):
    options = FINE if codec == "libx264" else {"b": "6M"}
    path = clip(tmp_path, "tff", "tff", name=name, codec=codec, options=options, frames=120)
    source, raster = _source(path, Fraction(50), Fraction("3.24"))
    pictures = shown_in(shot_order(source, 20, raster=raster), tmp_path, tmp_path / "piece.mp4")
    assert fields_in(pictures) == _wanted(Fraction(50), 20, Fraction("3.24"))


def test_at_the_clips_own_rate_one_picture_of_two_fields(tmp_path):
    source, raster = _source(clip(tmp_path, "tff", "tff"), Fraction(25), Fraction(1, 5))
    assert (source.conversion.deinterlace, source.conversion.field_rate) == (True, False)
    pictures = shown_in(shot_order(source, 20, raster=raster), tmp_path, tmp_path / "piece.mp4")
    assert fields_in(pictures) == _wanted(Fraction(25), 20, Fraction(1, 5))


def test_facts_tell_which_field_was_shown(tmp_path):
    source, raster = _source(clip(tmp_path, "tff", "tff"), Fraction(50), Fraction(1, 5))
    facts = rendered(shot_order(source, 20, raster=raster), tmp_path, tmp_path / "piece.mp4")
    picture = as_shown(source.picture, source.conversion)
    times = [[tick * tick_length(picture) - picture.start for tick in pair] for pair in facts["shown"][0]]
    for number, (begins, ends) in enumerate(times):
        moment = source.start + number / raster.rate
        assert begins <= moment + ROUNDING_MAX
        assert ends > moment
    assert [round(float(begins * 50)) % ROUND for begins, _ in times] == fields_in(pictures_in(tmp_path / "piece.mp4"))


def _combing(luma: NDArray[np.uint8]) -> float:
    """How far lines are from the mean of their neighbours where the bar is, codes."""
    lines = luma[44:88].astype(float)
    return float(np.abs(lines[1:-1] - (lines[:-2] + lines[2:]) / 2).mean())


def test_no_comb_is_left(tmp_path):
    # The header says nothing: what was not found by measuring would stay.
    source, raster = _source(clip(tmp_path, "tff", None), Fraction(25), Fraction(1, 5))
    combs = {}
    for deinterlace in (True, False):
        told = replace(source, conversion=replace(source.conversion, deinterlace=deinterlace))
        pictures = shown_in(shot_order(told, 12, raster=raster), tmp_path, tmp_path / f"{deinterlace}.mp4")
        combs[deinterlace] = max(_combing(luma) for luma, _, _ in pictures)
    assert combs[True] < 1
    assert combs[False] > 4


def test_progressive_pictures_under_an_interlaced_header_stay_sharp(tmp_path):
    """PsF: a deinterlacer would soften every line that moves."""
    path = clip(tmp_path, None, "tff")
    source, raster = _source(path, Fraction(25), Fraction(0))
    assert not source.conversion.deinterlace
    pictures = shown_in(shot_order(source, 8, raster=raster), tmp_path, tmp_path / "piece.mp4")
    assert fields_in(pictures) == [0, 2, 4, 6, 8, 10, 12, 14]
    record = record_for(media_of(path), source, Fraction(25))
    assert any("measured, its pictures are progressive" in words for words in record.found)
    assert not any("bwdif" in words for words in record.done)


GRAIN = np.random.default_rng(4).normal(0, 1, (20, 288, 360))
TEXTURE = np.repeat(np.repeat(np.random.default_rng(5).integers(40, 200, (58, 60)), 5, axis=0), 6, axis=1)[:288]
"""Of five lines a tile: where all edges lie on even lines, an even tilt of one moment looks like one of two."""


def _ground(moment: int) -> NDArray[Any]:
    """What stands still, at any moment."""
    return TEXTURE


def _pan(moment: int) -> NDArray[Any]:
    return np.roll(TEXTURE, 2 * moment, axis=1)


def _tilt(moment: int) -> NDArray[Any]:
    return np.roll(TEXTURE, moment, axis=0)


def _cuts(moment: int) -> NDArray[Any]:
    """Another scene after every eighth field."""
    return np.roll(TEXTURE, 2 * moment + moment // 8 * 77, axis=1)


def _roll(moment: int) -> NDArray[Any]:
    """A caption that rolls over what stands still."""
    drawn = TEXTURE.copy()
    for line in range(0, 276, 23):
        row = (line - moment) % 276
        drawn[row : row + 7, 120:300:9] = drawn[row : row + 3, 120:300] = 235
    return drawn


def _little(moment: int) -> NDArray[Any]:
    """A small thing that moves over what stands still."""
    drawn = TEXTURE.copy()
    drawn[100:140, 20 + 3 * moment : 60 + 3 * moment] = 230
    return drawn


def _logo(moment: int) -> NDArray[Any]:
    drawn = _pan(moment).copy()
    drawn[30:70:2, 250:330] = 235
    return drawn


@pytest.mark.parametrize("noise", [0, 5])
@pytest.mark.parametrize("scene", [_ground, _pan, _tilt, _cuts, _roll, _little, _logo])
def test_no_picture_votes_for_another_scan_than_its_own(scene: Callable[[int], NDArray[Any]], noise: int):
    for order, wanted in (("tff", "tff"), ("bff", "bff"), (None, "progressive")):
        pictures = []
        for number in range(20):
            first, second = scene(2 * number), scene(2 * number + (order is not None))
            both = np.where(np.arange(288)[:, None] % 2 == (order == "tff"), second, first)
            pictures.append(np.clip(both + noise * GRAIN[number], 0, 255).astype(np.int16)[:, ::4])
        votes = [vote_of(*pictures[number : number + 3]) for number in range(18)]
        assert set(votes) <= {wanted, None}
        if scene is _ground:
            assert set(votes) == {None}
        elif scene is not _roll and order is not None:
            assert votes.count(wanted) >= 7

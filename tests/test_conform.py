"""Conversions: boxes on even pixels, aspect kept, crops inside the stored picture; records that say what it costs."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from desk_making import film
from hypothesis import given, settings
from hypothesis import strategies as st

from crowdcut.conform.as_read import as_read
from crowdcut.conform.colour import matrix_of
from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.geometry import displayed_size, whole_raster
from crowdcut.conform.record import record_for
from crowdcut.library import ReadAs
from crowdcut.media import Colour, Media, Picture
from crowdcut.orders import Box, Conversion, Raster, Video

HD = Box(x=0, y=0, width=1920, height=1080)
MIDDLE = (Fraction(1, 2), Fraction(1, 2))

parts = st.fractions(0, 1, max_denominator=20)
sars = st.sampled_from([Fraction(*pair) for pair in [(1, 1), (4, 3), (16, 15), (64, 45), (8, 9), (32, 27), (1, 2)]])


@st.composite
def pictures(draw: st.DrawFn, *, least: int = 16) -> Picture:
    """Any size, pixel shape and way to stand."""
    return replace(
        stored(draw(st.integers(least, 5000)), draw(st.integers(least, 5000))),
        sar=draw(sars),
        rotation=draw(st.sampled_from([0, 90, 180, 270])),
        mirrored=draw(st.booleans()),
    )


@st.composite
def regions(draw: st.DrawFn) -> Box:
    """A whole raster, or a part of one."""
    width, height = (2 * draw(st.integers(8, 1000)) for _ in range(2))
    x, y = (2 * draw(st.integers(0, 100)) for _ in range(2))
    return draw(st.sampled_from([HD, Box(x=x, y=y, width=width, height=height)]))


def stored(width: int, height: int, **more: Any) -> Picture:
    """A picture stream."""
    return Picture(codec="h264", width=width, height=height, pixel_format="yuv420p", **more)


def converted(picture: Picture, fit: Any, region: Box = HD, focus: Any = MIDDLE, **more: Any) -> Conversion:
    """Its conversion."""
    settings_ = {"flatten": None, **more}
    return conversion_for(picture, fit=fit, focus=focus, region=region, **settings_)


def _upright(picture: Picture, conversion: Conversion) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Left, top, right and bottom of the used stored pixels in the upright picture of square pixels."""
    x, y, width, height = conversion.crop or (0, 0, picture.width, picture.height)
    corners = [(Fraction(across), Fraction(down)) for across in (x, x + width) for down in (y, y + height)]
    wide, high = picture.width * picture.sar, Fraction(picture.height)
    standing = []
    for across, down in corners:
        across = across * picture.sar
        if conversion.mirror:
            across = wide - across
        quarters = [(across, down), (high - down, across), (wide - across, high - down), (down, wide - across)]
        standing.append(quarters[conversion.turn // 90])
    columns, rows = [one[0] for one in standing], [one[1] for one in standing]
    return min(columns), min(rows), max(columns), max(rows)


def _even(box: Box) -> bool:
    return not any(side % 2 for side in (box.x, box.y, box.width, box.height)) and min(box.width, box.height) >= 2


def _edges_off(start: int, length: int, exact_start: Fraction, exact_length: Fraction) -> Fraction:
    """By how many pixels the further of two edges lies off its place."""
    return max(abs(start - exact_start), abs(start + length - exact_start - exact_length))


@settings(max_examples=200, deadline=None)
@given(pictures(), regions(), parts, parts)
def test_contain_shows_all_of_the_picture_inside_its_region(picture, region, across, down):
    conversion = converted(picture, "contain", region, (across, down))
    box = conversion.box
    assert _even(box)
    wide, high = displayed_size(picture, conversion.turn)
    covering = max(region.width / wide, region.height / high)
    if wide - region.width / covering <= min(2, wide / 100) and high - region.height / covering <= min(2, high / 100):
        return  # all but a hairline: see test_framing
    assert conversion.crop is None
    if conversion.clip is not None:
        # All but a hairline of it.
        assert conversion.clip == region
        return
    assert region.x <= box.x
    assert region.y <= box.y
    assert box.x + box.width <= region.x + region.width
    assert box.y + box.height <= region.y + region.height
    scale = min(region.width / wide, region.height / high)
    # Whatever the focus: that says what ``cover`` keeps.
    for start, length, within, exact in (
        (box.x - region.x, box.width, region.width, wide * scale),
        (box.y - region.y, box.height, region.height, high * scale),
    ):
        assert _edges_off(start, length, (within - exact) / 2, exact) <= 1 or length == 2


@settings(max_examples=300, deadline=None)
@given(pictures(), regions(), parts, parts)
def test_cover_fills_its_region_with_the_part_around_the_focus(picture, region, across, down):
    conversion = converted(picture, "cover", region, (across, down))
    box = conversion.box
    assert _even(box)
    assert box.x <= region.x
    assert box.y <= region.y
    assert box.x + box.width >= region.x + region.width
    assert box.y + box.height >= region.y + region.height
    # Where each edge of what is used belongs, in output pixels, against where the box puts it.
    wide, high = displayed_size(picture, conversion.turn)
    scale = max(region.width / wide, region.height / high)
    left, top, right, bottom = _upright(picture, conversion)
    origin_x = region.x - (wide - region.width / scale) * across * scale
    origin_y = region.y - (high - region.height / scale) * down * scale
    assert _edges_off(box.x, box.width, origin_x + left * scale, (right - left) * scale) <= 1
    assert _edges_off(box.y, box.height, origin_y + top * scale, (bottom - top) * scale) <= 1


@settings(max_examples=300, deadline=None)
@given(pictures(least=1), regions(), parts, parts)
def test_a_crop_lies_inside_the_stored_picture_and_is_no_larger_than_it_must_be(picture, region, across, down):
    conversion = converted(picture, "cover", region, (across, down))
    x, y, width, height = conversion.crop or (0, 0, picture.width, picture.height)
    assert 0 <= x < x + width <= picture.width
    assert 0 <= y < y + height <= picture.height
    # Chroma lies on every other pixel.
    assert x % 2 == 0
    assert y % 2 == 0
    wide, high = displayed_size(picture, conversion.turn)
    scale = max(region.width / wide, region.height / high)
    needed = (region.width / scale, region.height / scale)
    if conversion.turn in (90, 270):
        needed = needed[::-1]
    assert width <= needed[0] / picture.sar + 4
    assert height <= needed[1] + 4


@settings(max_examples=100, deadline=None)
@given(pictures(), parts, parts)
def test_blur_is_contain_in_the_middle_with_a_backdrop(picture, across, down):
    blurred = converted(picture, "blur", focus=(across, down))
    contained = converted(picture, "contain")
    assert blurred.box == contained.box
    assert blurred.backdrop == (contained.box != HD)


@pytest.mark.parametrize(
    ("picture", "box"),
    [
        (stored(1280, 720), HD),
        (stored(640, 480), Box(x=240, y=0, width=1440, height=1080)),
        (stored(1080, 1920), Box(x=656, y=0, width=608, height=1080)),
        (stored(1920, 1080, rotation=90), Box(x=656, y=0, width=608, height=1080)),
        (stored(720, 576, sar=Fraction(64, 45)), HD),
        (stored(720, 480, sar=Fraction(8, 9)), Box(x=240, y=0, width=1440, height=1080)),
        (stored(1920, 800), Box(x=0, y=140, width=1920, height=800)),
    ],
)
def test_known_sizes(picture, box):
    assert converted(picture, "contain").box == box


@pytest.mark.parametrize(
    ("rotation", "mirrored", "crop"),
    # A tall picture in a wide raster, its top kept: where that lies in the stored picture.
    [
        (0, False, (0, 0, 1080, 608)),
        (0, True, (0, 0, 1080, 608)),
        (180, False, (0, 1312, 1080, 608)),
        (180, True, (0, 1312, 1080, 608)),
        (90, False, (0, 0, 608, 1080)),
        (90, True, (1312, 0, 608, 1080)),
        (270, False, (1312, 0, 608, 1080)),
        (270, True, (0, 0, 608, 1080)),
    ],
)
def test_the_focus_is_counted_in_the_upright_picture(rotation, mirrored, crop):
    size = (1920, 1080) if rotation in (90, 270) else (1080, 1920)
    picture = stored(*size, rotation=rotation, mirrored=mirrored)
    assert converted(picture, "cover", focus=(Fraction(1, 2), Fraction(0))).crop == crop


def test_the_contributors_word_on_rotation_goes_before_the_files():
    picture = stored(1920, 1080, rotation=90)
    assert converted(picture, "contain").turn == 90
    assert converted(as_read(picture, ReadAs(rotation=180)), "contain").turn == 180


@pytest.mark.parametrize(
    ("picture", "matrix"),
    [
        (stored(720, 576), "bt601"),
        (stored(720, 578), "bt709"),
        (stored(1920, 1080, colour=Colour(matrix="smpte170m")), "bt601"),
        (stored(720, 480, colour=Colour(matrix="bt709")), "bt709"),
        (stored(3840, 2160, colour=Colour(matrix="bt2020nc")), "bt2020"),
        (replace(stored(100, 100), pixel_format="rgb24"), "rgb"),
        (replace(stored(100, 100, colour=Colour(matrix="gbr")), pixel_format="gbrp"), "rgb"),
        (replace(stored(100, 100), pixel_format="pal8"), "rgb"),
    ],
)
def test_matrices(picture, matrix):
    assert matrix_of(picture) == matrix


def test_a_picture_with_alpha_is_laid_on_a_ground_only_where_it_fills_a_shot():
    clear = stored(100, 100, alpha=True)
    assert converted(clear, "contain", flatten=(1, 2, 3)).flatten == (1, 2, 3)
    assert converted(clear, "contain").flatten is None
    assert converted(stored(100, 100), "contain", flatten=(1, 2, 3)).flatten is None


def test_high_dynamic_range_and_interlace_are_seen():
    hdr = stored(1920, 1080, colour=Colour(transfer="arib-std-b67", matrix="bt2020nc"), interlaced="tff")
    conversion = converted(hdr, "contain")
    assert (conversion.tone, conversion.deinterlace, conversion.matrix) == ("hlg", True, "bt2020")
    assert (conversion.field_order, conversion.field_rate) == ("tff", False)
    assert converted(replace(hdr, pixel_format="yuvj420p"), "contain").full_range


def _recorded(media: Media, fit: Any) -> Any:
    assert media.picture is not None
    raster = Raster(width=1920, height=1080, rate=Fraction(24))
    conversion = converted(media.picture, fit, whole_raster(raster))
    return record_for(
        media, Video(file="clip", picture=media.picture, start=Fraction(0), conversion=conversion), raster.rate
    )


def test_a_record_tells_what_was_found_done_and_what_it_cost():
    media = film(rate=Fraction(60))
    assert media.picture is not None
    picture = replace(media.picture, width=576, height=720, rotation=90, sar=Fraction(4, 3), colour=Colour())
    record = _recorded(replace(media, picture=picture, remarks=("it is odd",)), "cover")
    assert record.found == ("video, mov/h264, 576x720 yuv420p", "1:00 long, 60 pictures a second", "it is odd")
    done = " | ".join(record.done)
    for words in ("60 fps", "turned 90 degrees", "sample aspect ratio 4/3", "untagged colour read as BT709"):
        assert words in done
    cost = " | ".join(record.cost)
    # 60 to 24 leaves out 36 of 60; 720 wide becomes 1920 (a hair less: the crop lies on even pixels).
    for words in ("60% of its pictures are not shown", "enlarged 2.66 times", "47% of the picture is cut away"):
        assert words in cost


def test_a_clip_that_fits_costs_nothing():
    media = film(rate=Fraction(24))
    assert media.picture is not None
    picture = replace(media.picture, width=1920, height=1080, colour=Colour(matrix="bt709"))
    record = _recorded(replace(media, picture=picture), "contain")
    assert (record.done, record.cost) == ((), ())

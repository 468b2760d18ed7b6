"""Pieces read back: the planned source frame on each output frame, in its place, in its colours."""

from bisect import bisect_right
from fractions import Fraction
from itertools import accumulate, chain, cycle, islice
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from piece_making import (
    RASTER,
    Planes,
    codes_in,
    media_of,
    pictures_in,
    rendered,
    shot_order,
    shot_orders,
    shown_in,
    source_of,
)

from crowdcut.media import Colour
from crowdcut.orders import Box, Layer, LowerThird, PictureOrder, Raster, Style, Transition
from crowdcut.plan import Sources, job_for
from crowdcut.sampling import ROUNDING_MAX
from examples.makers import Picture, coded_picture, turned_picture, write_clip, write_still
from farm.crew import Crew
from farm.digests import content_digest
from farm.store import Store
from renderers.compose import composed_frames
from renderers.tone import tone_table

NTSC = Fraction(30000, 1001)
SIZE = {"width": 192, "height": 108}
ROUGH = {"preset": "ultrafast", "crf": "24"}


def _on_screen(starts: list[Fraction], times: list[Fraction], rounding: Fraction) -> list[set[int]]:
    """Which of the pictures that begin at ``starts`` a player has on screen at each time; either of two where a
    boundary is nearer than timestamps are exact."""
    return [{bisect_right(starts, time) - 1, bisect_right(starts, time + rounding) - 1} for time in times]


def _times(start: Fraction | int, count: int, rate: Fraction = RASTER.rate) -> list[Fraction]:
    return [start + number / rate for number in range(count)]


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), Fraction(30), Fraction(60), NTSC])
def test_each_frame_shows_what_a_player_has_on_screen(tmp_path, rate):
    frames = int(3 * rate)
    write_clip(tmp_path / "a.mp4", **SIZE, rate=rate, frames=frames, options=ROUGH)
    source = source_of(tmp_path / "a.mp4", start=Fraction("0.9"))
    codes = codes_in(shown_in(shot_order(source, 48), tmp_path, tmp_path / "piece.mp4"))
    wanted = _on_screen([number / rate for number in range(frames)], _times(Fraction("0.9"), 48), Fraction(1, 10_000))
    assert all(code in either for code, either in zip(codes, wanted, strict=True))


def test_each_frame_of_another_programme_rate_too(tmp_path):
    write_clip(tmp_path / "a.mp4", **SIZE, rate=Fraction(24), frames=60, options=ROUGH)
    raster = Raster(width=192, height=108, rate=NTSC)
    source = source_of(tmp_path / "a.mp4", raster=raster)
    codes = codes_in(shown_in(shot_order(source, 70, raster=raster), tmp_path, tmp_path / "piece.mp4"))
    assert codes == [int(time * 24) for time in _times(0, 70, NTSC)]


@pytest.mark.parametrize(("name", "ticks_a_second"), [("a.mp4", 600), ("a.webm", 1000)])
def test_an_uneven_rate(tmp_path, name, ticks_a_second):
    holds = [ticks_a_second // 24, ticks_a_second // 12, ticks_a_second // 60, ticks_a_second // 5]
    codec = "libvpx" if name.endswith("webm") else "libx264"
    write_clip(
        tmp_path / name, **SIZE, frames=40, codec=codec, hold_ticks=holds, ticks_a_second=ticks_a_second,
        rate=Fraction(ticks_a_second) if codec == "libx264" else Fraction(25),
    )  # fmt: skip
    media = media_of(tmp_path / name)
    assert media.picture is not None
    assert not media.picture.constant
    codes = codes_in(shown_in(shot_order(source_of(tmp_path / name), 60), tmp_path, tmp_path / "piece.mp4"))
    ticks = accumulate(islice(chain([0], cycle(holds)), 40))
    starts = [Fraction(tick, ticks_a_second) for tick in ticks]
    wanted = _on_screen(starts, _times(0, 60), ROUNDING_MAX)
    assert all(code in either for code, either in zip(codes, wanted, strict=True))


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "libx264"),
        ("a.mkv", "libx264"),
        ("a.webm", "libvpx"),
        ("a.ts", "libx264"),
        ("a.mpg", "mpeg2video"),
        ("a.avi", "mpeg4"),
    ],
)
def test_a_start_deep_in_a_clip_is_found_in_every_container(tmp_path, name, codec):
    options = ROUGH if codec == "libx264" else None if codec == "libvpx" else {"b": "2M"}
    write_clip(tmp_path / name, **SIZE, frames=230, codec=codec, options=options)
    source = source_of(tmp_path / name, start=Fraction("7.48"))
    codes = codes_in(shown_in(shot_order(source, 24), tmp_path, tmp_path / "piece.mp4"))
    wanted = _on_screen([Fraction(number, 25) for number in range(230)], _times(Fraction("7.48"), 24), ROUNDING_MAX)
    assert all(code in either for code, either in zip(codes, wanted, strict=True))


def test_a_long_shot_goes_on_where_it_was_cut(tmp_path):
    write_clip(tmp_path / "a.mp4", **SIZE, rate=Fraction(24), frames=330, options=ROUGH)
    orders = shot_orders(source_of(tmp_path / "a.mp4", start=Fraction(1, 2)), 310)
    assert [order.length_frames for order in orders] == [240, 70]
    codes = [
        code
        for number, order in enumerate(orders)
        for code in codes_in(shown_in(order, tmp_path, tmp_path / f"piece{number}.mp4"))
    ]
    assert codes == list(range(12, 322))


@pytest.mark.parametrize("order", ["tff", "bff"])
def test_fields_become_one_frame_each(tmp_path, order):
    coded = coded_picture(**SIZE)
    write_clip(
        tmp_path / "a.mp4", **SIZE, frames=40, interlaced=order, picture=lambda field: coded(field // 2),
        options={"preset": "veryfast", "crf": "14"},
    )  # fmt: skip
    source = source_of(tmp_path / "a.mp4", start=Fraction(1, 5))
    assert source.conversion.deinterlace
    codes = codes_in(shown_in(shot_order(source, 24), tmp_path, tmp_path / "piece.mp4"))
    assert codes == [int((Fraction(1, 5) + Fraction(number, 24)) * 25) for number in range(24)]


def test_a_clip_holds_its_last_picture_for_the_grace_of_a_frame(tmp_path):
    write_clip(tmp_path / "a.mp4", **SIZE, frames=25, options=ROUGH)
    codes = codes_in(shown_in(shot_order(source_of(tmp_path / "a.mp4"), 25), tmp_path, tmp_path / "piece.mp4"))
    assert codes[-2:] == [23, 24]


def test_facts_tell_the_source_frame_of_each_output_frame(tmp_path):
    write_clip(tmp_path / "a.mp4", **SIZE, frames=50, options=ROUGH)
    facts = rendered(shot_order(source_of(tmp_path / "a.mp4"), 24), tmp_path, tmp_path / "piece.mp4")
    media = media_of(tmp_path / "a.mp4")
    assert media.picture is not None
    assert media.picture.time_base is not None
    (shown,) = facts["shown"]
    told = [(tick * media.picture.time_base - media.picture.start) * 25 for tick, _ in shown]
    assert told == codes_in(pictures_in(tmp_path / "piece.mp4"))
    assert all(after > tick for tick, after in shown)
    assert (facts["frames"], len(facts["packets"])) == (24, 24)


# Geometry: a white box on dark ground, told in parts of the upright picture; where its four edges are seen.

WHITE_BOX = (Fraction(1, 8), Fraction(1, 4), Fraction(1, 2), Fraction(5, 8))
"""Left, top, right, bottom."""


def _boxed(width: int, height: int) -> Picture:
    drawn = np.full((height, width, 3), 40, np.uint8)
    left, top, right, bottom = WHITE_BOX
    drawn[int(top * height) : int(bottom * height), int(left * width) : int(right * width)] = 235
    return lambda _: drawn


def _edges(profile: Any) -> tuple[float, float]:
    """Where a row of luma rises and falls through its middle, in pixels, by linear interpolation."""
    values = profile.astype(float)
    level = (values.min() + values.max()) / 2
    above = np.flatnonzero(values > level)

    def crossing(pixel: int) -> float:
        """Between the middles of ``pixel`` and the next."""
        return pixel + 0.5 + (level - values[pixel]) / (values[pixel + 1] - values[pixel])

    rise = crossing(above[0] - 1) if above[0] > 0 else 0.0
    fall = crossing(above[-1]) if above[-1] < len(values) - 1 else float(len(values))
    return rise, fall


def _found_box(luma: Any, middle: tuple[float, float]) -> list[float]:
    left, right = _edges(luma[int(middle[1])])
    top, bottom = _edges(luma[:, int(middle[0])])
    return [left, top, right, bottom]


GEOMETRIES = [
    # stored size, sar, rotation, mirrored
    (160, 120, Fraction(1), 0, False),
    (320, 96, Fraction(1), 0, False),
    (176, 144, Fraction(12, 11), 0, False),
    (180, 144, Fraction(64, 45), 0, False),
    (160, 96, Fraction(1), 90, False),
    (160, 96, Fraction(1), 180, False),
    (160, 96, Fraction(1), 270, False),
    (160, 96, Fraction(4, 3), 90, False),
    (160, 120, Fraction(1), 0, True),
    (160, 96, Fraction(1), 90, True),
]


@pytest.mark.parametrize("fit", ["contain", "cover", "blur"])
@pytest.mark.parametrize(("width", "height", "sar", "rotation", "mirrored"), GEOMETRIES)
def test_a_picture_lies_where_it_should(tmp_path, fit, width, height, sar, rotation, mirrored):
    upright = (height, width) if rotation in (90, 270) else (width, height)
    stored = turned_picture(_boxed(*upright), degrees=rotation)
    if mirrored:
        turned = stored
        stored = lambda frame: np.ascontiguousarray(turned(frame)[:, ::-1])  # noqa: E731
    write_clip(tmp_path / "a.mp4", width=width, height=height, frames=2, sar=sar, rotation=rotation, picture=stored)
    raster = Raster(width=256, height=144, rate=Fraction(24))
    source = source_of(tmp_path / "a.mp4", fit=fit, raster=raster, mirrored=mirrored)
    assert source.conversion.turn == rotation
    ((luma, _, _),) = shown_in(shot_order(source, 1, raster=raster), tmp_path, tmp_path / "piece.mp4")
    wide, high = (height, width * sar) if rotation in (90, 270) else (width * sar, height)
    scales = (Fraction(256) / wide, Fraction(144) / high)
    scale = max(scales) if fit == "cover" else min(scales)
    left, top = (256 - wide * scale) / 2, (144 - high * scale) / 2
    places = [left, top, left, top]
    wanted = [
        float(place + part * size * scale)
        for place, part, size in zip(places, WHITE_BOX, [wide, high] * 2, strict=True)
    ]
    limits = [256, 144, 256, 144]
    seen = [min(max(edge, 0.0), limit) for edge, limit in zip(wanted, limits, strict=True)]
    middle = ((seen[0] + seen[2]) / 2, (seen[1] + seen[3]) / 2)
    found = _found_box(luma, middle)
    # Boxes lie on even pixels: a pixel for their place, and a part of one for their size.
    assert np.abs(np.array(found) - seen).max() <= 1.3, (found, seen)


def test_contain_leaves_black_and_blur_a_dark_soft_copy(tmp_path):
    write_clip(
        tmp_path / "a.mp4", width=96, height=128, frames=2, picture=lambda _: np.full((128, 96, 3), 200, np.uint8)
    )
    seen = {}
    for fit in ("contain", "blur"):
        order = shot_order(source_of(tmp_path / "a.mp4", fit=fit), 1)
        ((seen[fit], _, _),) = shown_in(order, tmp_path, tmp_path / f"{fit}.mp4")
    sides = {fit: np.concatenate([luma[:, :50].ravel(), luma[:, -50:].ravel()]) for fit, luma in seen.items()}
    assert abs(sides["contain"].mean() - 16) < 1
    assert 60 < sides["blur"].mean() < 120
    assert sides["blur"].std() < 4


# Colour: six flat patches, after both encodings within two codes of what BT.709 says.

PATCHES = np.array(
    [[200, 40, 40], [40, 180, 60], [30, 60, 200], [235, 235, 235], [90, 90, 90], [220, 200, 30]], np.uint8
)


def _patches(width: int = 192, height: int = 96) -> np.ndarray:
    drawn = np.empty((height, width, 3), np.uint8)
    for number, colour in enumerate(PATCHES):
        drawn[:, number * width // 6 : (number + 1) * width // 6] = colour
    return drawn


def _bt709(rgb: np.ndarray) -> np.ndarray:
    """Limited-range Y, Cb, Cr of R'G'B' 0..255 (ITU-R BT.709-6, 8 bit)."""
    red, green, blue = rgb.astype(float).T / 255
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return np.stack([16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748], axis=1)


def _patch_means(planes: Planes) -> np.ndarray:
    """Mean Y, Cb, Cr of the middle of each patch of a picture that fills the raster's width."""
    found = []
    for plane in planes:
        height, width = plane.shape
        rows = slice(height * 3 // 8, height * 5 // 8)
        cells = [
            plane[rows, round((number + 0.3) * width / 6) : round((number + 0.7) * width / 6)] for number in range(6)
        ]
        found.append([cell.mean() for cell in cells])
    return np.array(found).T


FINE = {"preset": "veryfast", "crf": "6"}


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp4", {"matrix": "bt709"}),
        ("a.mp4", {"matrix": "bt601"}),
        ("a.mp4", {"matrix": "bt709", "pix_fmt": "yuv444p"}),
        ("a.mp4", {"matrix": "bt709", "pix_fmt": "yuvj420p"}),
        ("a.mp4", {"matrix": "bt601", "pix_fmt": "yuvj420p"}),
        ("a.mov", {"matrix": None, "codec": "qtrle", "pix_fmt": "rgb24", "options": {}}),
        ("a.mov", {"matrix": None, "codec": "png", "pix_fmt": "rgb24", "options": {}}),
        ("a.mp4", {"matrix": "bt709", "pix_fmt": "yuv420p10le"}),
    ],
)
def test_colours_after_x264(tmp_path, name, options):
    told = {"options": FINE, **options}
    write_clip(tmp_path / name, width=192, height=96, frames=3, picture=lambda _: _patches(), **told)
    (_, planes, _) = shown_in(shot_order(source_of(tmp_path / name), 3), tmp_path, tmp_path / "piece.mp4")
    assert np.abs(_patch_means(planes) - _bt709(PATCHES)).max() <= 2


def test_a_small_clip_without_tags_is_read_as_bt601(tmp_path):
    path = tmp_path / "a.mp4"
    write_clip(path, width=192, height=96, frames=3, picture=lambda _: _patches(), options=FINE, matrix="bt601")
    (_, planes, _) = shown_in(shot_order(source_of(path, colour=Colour()), 3), tmp_path, tmp_path / "piece.mp4")
    assert np.abs(_patch_means(planes) - _bt709(PATCHES)).max() <= 2


def test_colours_of_a_still(tmp_path):
    write_still(tmp_path / "a.png", _patches())
    (planes,) = shown_in(shot_order(source_of(tmp_path / "a.png"), 1), tmp_path, tmp_path / "piece.mp4")
    assert np.abs(_patch_means(planes) - _bt709(PATCHES)).max() <= 2


def test_a_piece_says_what_its_colours_are(tmp_path):
    write_still(tmp_path / "a.png", _patches())
    rendered(shot_order(source_of(tmp_path / "a.png"), 1), tmp_path, tmp_path / "piece.mp4")
    with av.open(str(tmp_path / "piece.mp4")) as piece:
        context = piece.streams.video[0].codec_context
        tags = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
        assert [int(tag) for tag in tags] == [1, 1, 1, 1]


def test_high_dynamic_range_is_toned_as_bt2446_says():
    def pq(nits: float) -> float:
        """SMPTE ST 2084."""
        light = (nits / 10_000) ** (2610 / 16384)
        return ((3424 / 4096 + 2413 / 128 * light) / (1 + 2392 / 128 * light)) ** (2523 / 32)

    rows = np.loadtxt(tone_table("pq"), skiprows=1)
    greys = rows.reshape(65, 65, 65, 3)[range(65), range(65), range(65)]
    assert np.ptp(greys, axis=1).max() < 1e-3
    found = [float(np.interp(pq(nits), np.linspace(0, 1, 65), greys[:, 1])) for nits in (26, 100, 203, 400, 1000)]
    assert found == pytest.approx([0.33, 0.54, 0.68, 0.83, 1.0], abs=0.015)


# Transitions and layers.

LEFT_RGB, RIGHT_RGB = (200, 60, 40), (40, 90, 210)


def _flats(folder: Path) -> None:
    for name, colour in (("one.png", LEFT_RGB), ("two.png", RIGHT_RGB)):
        write_still(folder / name, np.full((108, 192, 3), colour, np.uint8))


def _passing(folder: Path, kind: str, *, length: int = 11, offset: int = 0, count: int = 11) -> list[np.ndarray]:
    """Mean Y, Cb, Cr of each frame of a transition from the first flat to the second."""
    leaving = (Layer(source=source_of(folder / "one.png"), length_frames=length),)
    order = PictureOrder(
        raster=RASTER,
        encoding=shot_order(source_of(folder / "two.png"), 1).encoding,
        length_frames=count,
        stack=(Layer(source=source_of(folder / "two.png"), length_frames=length),),
        transition=Transition(kind=kind, age_frames=offset, length_frames=length, leaving=leaving),
    )
    return [np.array([plane.mean() for plane in planes]) for planes in shown_in(order, folder, folder / "piece.mp4")]


ONE, TWO = _bt709(np.array([LEFT_RGB, RIGHT_RGB], np.uint8))
BLACK = np.array([16, 128, 128])


def test_a_dissolve_is_the_mean_of_both_in_its_middle(tmp_path):
    _flats(tmp_path)
    found = _passing(tmp_path, "dissolve")
    for number, seen in enumerate(found):
        share = (number + 1) / 12
        assert np.abs(seen - (ONE * (1 - share) + TWO * share)).max() <= 2
    assert np.abs(found[5] - (ONE + TWO) / 2).max() <= 2


def test_a_fade_is_black_in_its_middle(tmp_path):
    _flats(tmp_path)
    found = _passing(tmp_path, "fade")
    assert np.abs(found[5] - BLACK).max() <= 1
    assert np.abs(found[2] - (ONE + BLACK) / 2).max() <= 2
    assert np.abs(found[8] - (TWO + BLACK) / 2).max() <= 2


def test_a_transition_goes_on_where_it_was_cut(tmp_path):
    _flats(tmp_path)
    whole = _passing(tmp_path, "dissolve")
    rest = _passing(tmp_path, "dissolve", offset=4, count=7)
    assert np.abs(np.array(whole[4:]) - np.array(rest)).max() <= 1


def test_the_films_first_fade_comes_from_black(tmp_path):
    _flats(tmp_path)
    order = shot_order(source_of(tmp_path / "two.png"), 12)
    passing = Transition(kind="dissolve", age_frames=0, length_frames=12)
    order = PictureOrder(
        raster=order.raster, encoding=order.encoding, length_frames=12, stack=order.stack, transition=passing
    )
    pictures = shown_in(order, tmp_path, tmp_path / "piece.mp4")
    lumas = [float(luma.mean()) for luma, _, _ in pictures]
    assert lumas == sorted(lumas)
    assert abs(lumas[0] - (BLACK[0] + (TWO[0] - BLACK[0]) / 13)) <= 2


def _composed(order: PictureOrder, folder: Path) -> np.ndarray:
    """Luma of every frame before it is coded. [shape=(frames, height, width)]"""
    inputs = {path.name: path for path in folder.iterdir()}
    return np.stack([one.canvas.luma.copy() for one in composed_frames(order, inputs)]).astype(int)


def _difference(over: Layer, folder: Path, frames: int, raster: Raster) -> np.ndarray:
    """How a layer changes a moving picture, codes of luma. [shape=(frames, height, width)]"""
    write_clip(folder / "under.mp4", width=raster.width, height=raster.height, frames=frames + 10, options=ROUGH)
    under = source_of(folder / "under.mp4", raster=raster)
    with_it = _composed(shot_order(under, frames, raster=raster, over=(over,)), folder)
    return with_it - _composed(shot_order(under, frames, raster=raster), folder)


def test_an_overlay_changes_nothing_outside_its_box_and_times(tmp_path):
    drawing = np.zeros((90, 120, 4), np.uint8)
    drawing[20:70, 30:90] = (250, 250, 250, 255)
    write_still(tmp_path / "drawing.png", drawing)
    region = Box(x=120, y=10, width=60, height=44)
    source = source_of(tmp_path / "drawing.png", region=region)
    layer = Layer(source=source, age_frames=-6, length_frames=12, fade_in_frames=3, fade_out_frames=3, opacity=0.9)
    changed = np.abs(_difference(layer, tmp_path, 24, RASTER))
    assert not changed[:6].any()
    assert not changed[18:].any()
    assert changed[6:18].any(axis=(1, 2)).all()
    box = source.conversion.box
    assert (box.x, box.y) >= (region.x, region.y)
    inside = np.zeros(changed.shape[1:], bool)
    inside[box.y : box.y + box.height, box.x : box.x + box.width] = True
    assert not changed[:, ~inside].any()
    # What is clear in the drawing is clear in the film.
    assert not changed[:, box.y : box.y + box.height // 6].any()
    strength = changed.max(axis=(1, 2))
    assert list(strength[6:10]) == sorted(strength[6:10])
    assert list(strength[14:18]) == sorted(strength[14:18], reverse=True)


def test_a_lower_third_stays_in_the_lower_left_inside_title_safe(tmp_path):
    raster = Raster(width=320, height=180, rate=Fraction(24))
    style = Style(family=("Noto Sans",), size=0.06, colour="#ffffff")
    third = LowerThird(lines=("Ana Ruiz", "At sea"), style=style, second_style=style, plate="#101010", accent="#f0a040")
    layer = Layer(source=third, age_frames=-4, length_frames=10, fade_in_frames=2, fade_out_frames=2)
    changed = np.abs(_difference(layer, tmp_path, 20, raster)) > 0
    assert list(np.flatnonzero(changed.any(axis=(1, 2)))) == list(range(4, 14))
    rows, columns = (np.flatnonzero(changed.any(axis=axes)) for axes in ((0, 2), (0, 1)))
    assert rows[0] > 90
    assert rows[-1] < 180 * 0.95
    assert columns[0] >= 320 * 0.05
    assert columns[-1] < 320 * 0.75


# The same bytes, wherever a piece is made.


def test_a_piece_has_the_same_bytes_each_time_and_in_each_process(tmp_path, tiny_library):
    walk, sea = (
        source_of(tiny_library / "walk.mp4", fit="blur"),
        source_of(tiny_library / "sea.webm", fit="blur", start=1),
    )
    drawing = source_of(tiny_library / "drawing.png", region=Box(x=100, y=20, width=60, height=44))
    order = PictureOrder(
        raster=RASTER,
        encoding=shot_order(walk, 1).encoding,
        length_frames=20,
        stack=(Layer(source=walk, length_frames=40),),
        transition=Transition(
            kind="dissolve", age_frames=0, length_frames=20, leaving=(Layer(source=sea, length_frames=20),)
        ),
        over=(Layer(source=drawing, length_frames=30, fade_in_frames=5, opacity=0.7),),
    )
    facts = [rendered(order, tiny_library, tmp_path / f"piece{number}.mp4") for number in range(2)]
    files = {path.name: path for path in tiny_library.iterdir()}
    sources = Sources(
        files=files,
        digests={path: content_digest(path) for path in files.values()},
        fingerprints={"renderers.picture": ""},
    )
    job = job_for("picture", order, sources, files=files, label="piece")
    store = Store(tmp_path / "store")
    with Crew(store, workers=1, listener=lambda event: None) as crew:
        outcome = crew.run([job])
    assert outcome.failed == {}
    stored = store.find(job.key)
    assert stored is not None
    digests = {content_digest(path) for path in (tmp_path / "piece0.mp4", tmp_path / "piece1.mp4", stored.file)}
    assert len(digests) == 1
    assert facts[0] == facts[1] == stored.facts

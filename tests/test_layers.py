"""Transitions and layers read back: mixtures at each frame, and nothing outside a layer's box and times."""

from fractions import Fraction
from pathlib import Path

import numpy as np
from piece_making import ENCODING, RASTER, ROUGH, bt709, shot_order, shown_in, source_of

from crowdcut.orders import Box, Layer, LowerThird, PictureOrder, Raster, Style, Transition
from examples.makers import write_clip, write_still
from renderers.composing.compose import composed_frames

LEFT_RGB, RIGHT_RGB = (200, 60, 40), (40, 90, 210)


def _flats(folder: Path) -> None:
    for name, colour in (("one.png", LEFT_RGB), ("two.png", RIGHT_RGB)):
        write_still(folder / name, np.full((108, 192, 3), colour, np.uint8))


def _passing(folder: Path, kind: str, *, length: int = 11, offset: int = 0, count: int = 11) -> list[np.ndarray]:
    """Mean Y, Cb, Cr of each frame of a transition from the first flat to the second."""
    leaving = (Layer(source=source_of(folder / "one.png"), length_frames=length),)
    order = PictureOrder(
        raster=RASTER,
        encoding=ENCODING,
        length_frames=count,
        stack=(Layer(source=source_of(folder / "two.png"), length_frames=length),),
        transition=Transition(kind=kind, age_frames=offset, length_frames=length, leaving=leaving),
    )
    return [np.array([plane.mean() for plane in planes]) for planes in shown_in(order, folder, folder / "piece.mp4")]


ONE, TWO = bt709(np.array([LEFT_RGB, RIGHT_RGB], np.uint8))
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

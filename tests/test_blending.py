"""Blend modes against Skia's own, and what they leave alone."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import skia
from manifest_making import EPISODE, make_episode
from piece_making import ENCODING, RASTER, bt709, source_of

from crowdcut.manifest import manifest_from
from crowdcut.orders import Box, Layer, PictureOrder
from crowdcut.vocabulary import choices
from examples.makers import write_still
from renderers.composing.blending import MODES
from renderers.composing.compose import composed_frames
from renderers.frames.fit import premultiplied
from renderers.lettering.drawing import blank, canvas_on, image_of

SKIA = {
    "normal": skia.BlendMode.kSrcOver,
    "multiply": skia.BlendMode.kMultiply,
    "screen": skia.BlendMode.kScreen,
    "overlay": skia.BlendMode.kOverlay,
    "darken": skia.BlendMode.kDarken,
    "lighten": skia.BlendMode.kLighten,
    "add": skia.BlendMode.kPlus,
}
SHAPE = (RASTER.height // 4, RASTER.width // 4)
"""Rows and columns of fields of 4x4 pixels, each of one colour."""


def test_every_mode_has_its_word():
    assert {"normal", *MODES} == set(choices.BLENDS) == set(SKIA)


def _fields(seed: int, channels: int) -> np.ndarray:
    """A picture of fields of chance colours; some are black, white or grey, and of all alphas."""
    chance = np.random.default_rng(seed)
    fields = chance.integers(0, 256, (*SHAPE, channels)).astype(np.uint8)
    plain = chance.random(SHAPE) < 0.2
    fields[plain, :3] = chance.choice([0, 64, 128, 192, 255], SHAPE).astype(np.uint8)[plain, None]
    if channels == 4:
        fields[chance.random(SHAPE) < 0.3, 3] = 255
        fields[chance.random(SHAPE) < 0.1, 3] = 0
    return fields.repeat(4, axis=0).repeat(4, axis=1)


def _by_skia(under: np.ndarray, over: np.ndarray, mode: str, opacity: float) -> np.ndarray:
    """R'G'B' of the middle of each field. [shape=(fields, 3)]"""
    pixels = blank(RASTER.width, RASTER.height)
    pixels[..., :3], pixels[..., 3] = under, 255
    image = image_of(premultiplied(over))
    with canvas_on(pixels) as canvas:
        canvas.drawImage(image, 0, 0, skia.SamplingOptions(), skia.Paint(BlendMode=SKIA[mode], Alphaf=opacity))
    return pixels[1::4, 1::4, :3].reshape(-1, 3)


def _by_us(folder: Path, under: np.ndarray, over: np.ndarray, mode: str, opacity: float) -> np.ndarray:
    write_still(folder / "under.png", under)
    write_still(folder / "over.png", over)
    bottom, top = (Layer(source=source_of(folder / name), length_frames=1) for name in ("under.png", "over.png"))
    top = replace(top, blend=mode, opacity=opacity)
    order = PictureOrder(raster=RASTER, encoding=ENCODING, length_frames=1, stack=(bottom, top))
    canvas = next(iter(composed_frames(order, {one.name: one for one in folder.iterdir()}))).canvas
    planes = canvas.luma[1::4, 1::4], canvas.cb[::2, ::2], canvas.cr[::2, ::2]
    return np.stack([plane.reshape(-1) for plane in planes], axis=1).astype(float)


@pytest.mark.parametrize("opacity", [1.0, 0.6])
@pytest.mark.parametrize("mode", SKIA)
def test_a_mode_is_skias(tmp_path, mode, opacity):
    under, over = _fields(1, 3), _fields(2, 4)
    found = _by_us(tmp_path, under, over, mode, opacity)
    wanted = bt709(_by_skia(under, over, mode, opacity))
    assert np.abs(found - wanted).max() <= 3
    if mode != "normal":
        plain = _by_us(tmp_path, under, over, "normal", opacity)
        assert np.abs(plain - wanted).max() > 30


@pytest.mark.parametrize("mode", MODES)
def test_nothing_changes_where_a_layer_is_clear_or_elsewhere(tmp_path, mode):
    under = _fields(3, 3)
    drawing = np.zeros((40, 60, 4), np.uint8)
    drawing[10:30, 20:40] = (180, 90, 200, 255)
    write_still(tmp_path / "under.png", under)
    write_still(tmp_path / "over.png", drawing)
    region = Box(x=RASTER.width - 40, y=20, width=60, height=40)
    bottom = Layer(source=source_of(tmp_path / "under.png"), length_frames=1)
    top = Layer(source=source_of(tmp_path / "over.png", region=region), length_frames=1, blend=mode)
    inputs = {one.name: one for one in tmp_path.iterdir()}
    order = PictureOrder(raster=RASTER, encoding=ENCODING, length_frames=1, stack=(bottom,), over=(top,))
    with_it = next(iter(composed_frames(order, inputs))).canvas
    alone = next(iter(composed_frames(replace(order, over=()), inputs))).canvas
    changed = with_it.luma != alone.luma
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    assert changed.any()
    assert (rows[0], rows[-1]) >= (30, 0)
    assert rows[-1] < 50
    assert columns[0] >= RASTER.width - 20


def test_a_producer_says_it(tmp_path):
    text = EPISODE.replace('place = "top right 30%"', 'place = "top right 30%"\nblend = "screen"')
    manifest, _, findings = manifest_from(make_episode(tmp_path, text))
    assert not findings
    assert manifest is not None
    assert [layer.blend for layer in manifest.scenes[0].shots[0].layers] == ["screen"]
    assert Fraction(3, 10) == manifest.scenes[0].shots[0].layers[0].place.size

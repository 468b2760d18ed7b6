"""Menus for tests: discs to lay out, pages drawn as RGB, and how well colours are told apart."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crowdcut.disc.menu_records import DiscTold, MenuCanvas, Page, TitleTold
from crowdcut.disc.menu_stack import page_layers
from crowdcut.look import Look
from crowdcut.orders import Chapter, Layer, PictureEncoding, PictureOrder, Raster
from renderers.composing.compose import composed_frames

NTSC = MenuCanvas(width=854, height=480, stored_width=720, stored_height=480)
PAL = MenuCanvas(width=1024, height=576, stored_width=720, stored_height=576)


def chapters(*names: str) -> tuple[Chapter, ...]:
    return tuple(Chapter(title=name, start_frame=240 * number) for number, name in enumerate(names))


SEASON = DiscTold(
    title="Variety: the first season",
    titles=(
        TitleTold(
            name="RE: Number One",
            chapters=chapters(
                *("The First Thing I Remember", "Fireflies", "A house by the sea, and all who ever lived in it"),
                *("東京の夜", "الشارع الطويل", "Robots", "नमस्ते", "Credits"),
            ),
            subtitles=("en", "ja"),
        ),
        TitleTold(name="RE: The Road Home Is Longer Than It Was When We Were Small", chapters=chapters("a", "b", "c")),
        TitleTold(name="Trailer", extra=True),
    ),
)
"""Pages of every kind."""

NEIGHBOURS = DiscTold(
    title="حكايات الجيران",
    titles=(
        TitleTold(
            name="الأولى", chapters=chapters("الشارع الطويل", "Robots", "البيت", "النهر"), subtitles=("ar", "en")
        ),
    ),
)
"""A disc that is read from right to left."""


def layers_of(
    page: Page,
    look: Look,
    *,
    behind: tuple[Layer, ...] = (),
    stills: Mapping[tuple[int, int], tuple[Layer, ...]] | None = None,
) -> tuple[Layer, ...]:
    return page_layers(page, look, behind=behind, stills=stills or {}, length_frames=1)


def drawn(layers: Sequence[Layer], canvas: MenuCanvas, inputs: Mapping[str, Path] | None = None) -> NDArray[np.float64]:
    """Layers as R'G'B' 0..1, [shape=(height, width, 3)]."""
    order = PictureOrder(
        raster=Raster(width=canvas.width, height=canvas.height, rate=Fraction(25)),
        encoding=PictureEncoding(codec="libx264"),
        length_frames=1,
        stack=tuple(layers),
    )
    seen = next(iter(composed_frames(order, inputs or {}))).canvas
    luma = (seen.luma.astype(float) - 16) / 219
    cb, cr = ((plane.repeat(2, 0).repeat(2, 1).astype(float) - 128) / 224 for plane in (seen.cb, seen.cr))
    red, blue = luma + 1.5748 * cr, luma + 1.8556 * cb
    green = (luma - 0.2126 * red - 0.0722 * blue) / 0.7152
    return np.clip(np.stack([red, green, blue], axis=2), 0, 1)


def stored(picture: NDArray[np.float64], canvas: MenuCanvas) -> NDArray[np.float64]:
    """A picture as the disc stores it: squeezed, each column the nearest one."""
    columns = ((np.arange(canvas.stored_width) + 0.5) * canvas.width / canvas.stored_width).astype(int)
    return picture[:, columns]


def light(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Relative luminance of R'G'B' 0..1 (WCAG 2.2)."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """WCAG 2.2 contrast ratio of two colours, 1..21."""
    bright, dark = np.maximum(light(one), light(other)), np.minimum(light(one), light(other))
    return (bright + 0.05) / (dark + 0.05)


def rgb_of(colour: tuple[int, int, int, int]) -> NDArray[np.float64]:
    """R'G'B' 0..1 of a disc's palette entry: Y, Cr, Cb of BT.601."""
    luma, cr, cb = (colour[0] - 16) / 219, (colour[1] - 128) / 224, (colour[2] - 128) / 224
    red, blue = luma + 1.402 * cr, luma + 1.772 * cb
    return np.clip([red, (luma - 0.299 * red - 0.114 * blue) / 0.587, blue], 0, 1)

"""What is drawn by code: colours, dithered grounds, and Skia's pixels on their way to a patch."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from renderers.patch import Patch, patch_from_opaque, patch_from_premultiplied

Pixels = NDArray[np.uint8]

TITLE_SAFE_MARGIN = 0.05
"""Part of width and height outside title-safe at each side (SMPTE ST 2046-1)."""


def channels(colour: str) -> tuple[int, int, int, int]:
    """Red, green, blue and alpha, 0..255, of ``#rrggbb`` or ``#rrggbbaa``."""
    red, green, blue, *alpha = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue, alpha[0] if alpha else 255


def argb(colour: str, opacity: float = 1.0) -> int:
    """``colour`` as Skia counts colours, times ``opacity`` (0..1)."""
    red, green, blue, alpha = channels(colour)
    return skia.ColorSetARGB(round(alpha * opacity), red, green, blue)


def filled(colour: str, opacity: float = 1.0) -> skia.Paint:
    """An antialiased paint that fills with ``colour``."""
    return skia.Paint(Color=argb(colour, opacity), AntiAlias=True)


def even(value: float) -> int:
    """The nearest even number: places and sizes in 4:2:0."""
    return 2 * round(value / 2)


def blank(width: int, height: int) -> Pixels:
    """Clear pixels, [shape=(height, width, 4)] premultiplied RGBA."""
    return np.zeros((height, width, 4), np.uint8)


@contextmanager
def canvas_on(pixels: Pixels) -> Iterator[skia.Canvas]:
    """A canvas that draws into ``pixels`` (contiguous, premultiplied RGBA)."""
    # Without a pixel geometry text is never smoothed for one screen's red, green and blue stripes.
    surface = skia.Surface(
        pixels,
        skia.ColorType.kRGBA_8888_ColorType,
        skia.AlphaType.kPremul_AlphaType,
        surfaceProps=skia.SurfaceProps(0, skia.PixelGeometry.kUnknown_PixelGeometry),
    )
    yield surface.getCanvas()


def image_of(pixels: Pixels) -> skia.Image:
    """A copy of ``pixels`` (premultiplied RGBA) that a canvas can draw."""
    with canvas_on(np.ascontiguousarray(pixels)) as canvas:
        return canvas.getSurface().makeImageSnapshot()


def _noise(width: int, height: int, turn: int) -> NDArray[np.float64]:
    """Interleaved gradient noise, 0..1 (Jimenez 2014): even over any few pixels, so that it dithers without grain.

    ``turn`` moves it on, for a plane that must not round together with another.
    """
    x, y = np.arange(width)[None, :] + 5.588238 * turn, np.arange(height)[:, None] + 5.588238 * turn
    return np.mod(52.9829189 * np.mod(0.06711056 * x + 0.00583715 * y, 1.0), 1.0)


def _plane(rows: NDArray[np.float64], width: int, turn: int) -> NDArray[np.float64]:
    """A plane whose rows have these values, dithered to whole codes."""
    return np.floor(rows[:, None] + _noise(width, len(rows), turn))


@lru_cache(maxsize=4)
def ground(width: int, height: int, colours: tuple[str, ...]) -> Pixels:
    """One colour, or two in a vertical gradient (top first), dithered. Read-only opaque RGBA.

    The dither is that of 8 bit Y'CbCr, so a patch of these pixels shows no bands: a dark gradient has but a few
    codes of chroma, and rounding those would turn its hue from band to band.
    """
    top, low = (np.array(channels(colour)[:3], np.float64) for colour in (colours[0], colours[-1]))
    part = (np.arange(height) + 0.5) / height
    smooth = part * part * (3 - 2 * part)
    rows = top + (low - top) * smooth[:, None]
    luma = rows @ np.array([0.2126, 0.7152, 0.0722])  # BT.709
    halved = (rows - luma[:, None]).reshape(height // 2, 2, 3).mean(axis=1)
    y = _plane(luma * 219 / 255, width, 0) * 255 / 219
    blue, red = (
        np.kron(_plane(halved[:, channel] / span * 224 / 255, width // 2, turn), np.ones((2, 2))) * span * 255 / 224
        for channel, span, turn in ((2, 1.8556, 1), (0, 1.5748, 2))
    )
    pixels = np.full((height, width, 4), 255, np.uint8)
    for channel, difference in enumerate((red, -(0.2126 * red + 0.0722 * blue) / 0.7152, blue)):
        pixels[..., channel] = np.clip(y + difference + 0.5, 0, 255)
    pixels.setflags(write=False)
    return pixels


def opaque_patch(pixels: Pixels, *, y: int = 0) -> Patch:
    """Opaque RGBA ``pixels`` as a patch at the raster's left edge, ``y`` (even) pixels down."""
    return patch_from_opaque(cv2.cvtColor(pixels, cv2.COLOR_RGBA2RGB), y=y)  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def ground_patch(width: int, height: int, colours: tuple[str, ...]) -> Patch:
    """:func:`ground` as a patch that fills the raster."""
    return opaque_patch(ground(width, height, colours))


def cropped_patch(pixels: Pixels) -> Patch | None:
    """The drawn part of a raster's premultiplied ``pixels``; None where nothing was drawn."""
    rows, columns = (np.flatnonzero(pixels[..., 3].any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return None
    top, left = int(rows[0]), int(columns[0])
    return patch_from_premultiplied(pixels[top : rows[-1] + 1, left : columns[-1] + 1], x=left, y=top)

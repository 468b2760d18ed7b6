"""What all the demo's hands share: one palette, easing, soft light, paper and grain, and painters made of drawings."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""(height, width, 4) uint8 R'G'B'A, or 3 channels."""
Draw = Callable[[skia.Canvas, float], None]
"""Draws one moment, in seconds from the clip's start."""

NIGHT, INDIGO, PLUM, CORAL = 0xFF141A2E, 0xFF26305A, 0xFF6A4468, 0xFFE0654E
AMBER, CREAM, PAPER, INK = 0xFFF2A541, 0xFFF8E3BE, 0xFFF4ECDD, 0xFF2A2530
TEAL, MIST, LEAF = 0xFF3C7F86, 0xFFA9C8C6, 0xFF6E8B5B


def mixed(one: int, other: int, part: float) -> int:
    """The colour between ``one`` (part 0) and ``other`` (part 1), ARGB."""
    part = min(1.0, max(0.0, part))
    pairs = [((one >> shift) & 255, (other >> shift) & 255) for shift in (24, 16, 8, 0)]
    return sum(round(a + (b - a) * part) << shift for (a, b), shift in zip(pairs, (24, 16, 8, 0), strict=True))


def faded(colour: int, opacity: float) -> int:
    """``colour`` with its alpha replaced, 0..1."""
    return (round(255 * min(1.0, max(0.0, opacity))) << 24) | (colour & 0xFFFFFF)


def eased(moment: float, start: float, end: float) -> float:
    """0 before ``start``, 1 after ``end``, and a smooth step between them."""
    part = min(1.0, max(0.0, (moment - start) / (end - start)))
    return part * part * (3 - 2 * part)


def landed(moment: float, start: float, end: float) -> float:
    """As :func:`eased`, but quick at first, a little too far, and back: how paper and messages land."""
    part = min(1.0, max(0.0, (moment - start) / (end - start))) - 1
    return 1 + part * part * (2.4 * part + 1.4)


@cache
def _hand(seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).uniform(-1, 1, 1024)


def drift(seed: int, moment: float) -> float:
    """Smooth noise in -1..1, one swing a second or so."""
    values, whole = _hand(seed), int(np.floor(moment))
    part = eased(moment - whole, 0, 1)
    return float(values[whole % 1024] * (1 - part) + values[(whole + 1) % 1024] * part)


def fill(colour: int, *, blend: skia.BlendMode = skia.BlendMode.kSrcOver) -> skia.Paint:
    """A paint that fills."""
    return skia.Paint(AntiAlias=True, Color=colour, BlendMode=blend)


def line(colour: int, width: float) -> skia.Paint:
    """A paint that draws a round-ended line."""
    return skia.Paint(
        AntiAlias=True,
        Color=colour,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
    )


def gradient(top: float, bottom: float, colours: Iterable[int], places: Iterable[float] | None = None) -> skia.Paint:
    """A paint that changes from ``top`` to ``bottom`` (y)."""
    at = None if places is None else list(places)
    shader = skia.GradientShader.MakeLinear([(0, top), (0, bottom)], list(colours), at)
    return skia.Paint(AntiAlias=True, Shader=shader, Dither=True)


def glow(canvas: skia.Canvas, x: float, y: float, radius: float, colour: int, strength: float) -> None:
    """Light added around a point."""
    rings = [faded(colour, strength * k) for k in (1.0, 0.42, 0.12, 0.0)]
    shader = skia.GradientShader.MakeRadial((x, y), radius, rings, [0.0, 0.3, 0.65, 1.0])
    canvas.drawCircle(x, y, radius, skia.Paint(Shader=shader, BlendMode=skia.BlendMode.kPlus))


def through(points: Iterable[tuple[float, float]], *, closed: bool = False) -> skia.Path:
    """A smooth path through points (Catmull-Rom as cubics)."""
    dots = list(points)
    count = len(dots)
    path = skia.PathBuilder()
    path.moveTo(*dots[0])
    for n in range(count if closed else count - 1):
        if closed:
            a, b, c, d = (dots[(n + k) % count] for k in (-1, 0, 1, 2))
        else:
            a, b, c, d = (dots[min(count - 1, max(0, n + k))] for k in (-1, 0, 1, 2))
        path.cubicTo(
            b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6, c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6, *c
        )
    if closed:
        path.close()
    return path.detach()


def shape(points: Iterable[tuple[float, float]]) -> skia.Path:
    """A polygon."""
    return skia.Path.Polygon([skia.Point(*point) for point in points], True)


@cache
def clouds(width: int, height: int, *, size: int, seed: int, octaves: int = 4) -> NDArray[np.float32]:
    """Soft noise of 0..1, (height, width) float32; ``size`` is the largest cloud's, in pixels. Read-only."""
    random = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        cell = max(1, size >> octave)
        grid = random.random((height // cell + 3, width // cell + 3)).astype(np.float32)
        large = cv2.resize(grid, None, fx=cell, fy=cell, interpolation=cv2.INTER_CUBIC)
        total += large[cell : cell + height, cell : cell + width] / (1 << octave)
    total -= total.min()
    total /= total.max()
    total.setflags(write=False)
    return total


@cache
def paper(width: int, height: int, *, seed: int, strength: float = 0.08) -> skia.Image:
    """A sheet's unevenness, to be multiplied over a drawing."""
    fibre = 0.5 * clouds(width, height, size=64, seed=seed) + 0.5 * np.random.default_rng(seed).random((height, width))
    value = (255 * (1 - strength * fibre)).astype(np.uint8)
    return skia.Image.fromarray(np.dstack([value, value, value, np.full_like(value, 255)]))


def lay_paper(canvas: skia.Canvas, sheet: skia.Image) -> None:
    """Multiply a sheet over all that is drawn."""
    canvas.drawImage(sheet, 0, 0, skia.SamplingOptions(), skia.Paint(BlendMode=skia.BlendMode.kMultiply))


@cache
def _grain_tile(amount: float) -> NDArray[np.int16]:
    noise = np.random.default_rng(7).normal(0, amount, (1500, 1500)).astype(np.float32)
    grey = np.rint(cv2.GaussianBlur(noise, (3, 3), 0.7)).astype(np.int16)
    return np.repeat(grey[..., None], 3, axis=2)


def with_grain(pixels: Pixels, *, seed: int, amount: float) -> Pixels:
    """Film or sensor grain on (height, width, 3), a new one for each seed: a tile of noise laid at a random place."""
    tile, (height, width) = _grain_tile(amount), pixels.shape[:2]
    y, x = np.random.default_rng(seed).integers((0, 0), (tile.shape[0] - height, tile.shape[1] - width))
    part = np.ascontiguousarray(tile[y : y + height, x : x + width])
    return cv2.add(np.ascontiguousarray(pixels), part, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


def painter(width: int, height: int, rate: Fraction, draw: Draw) -> Callable[[int], Pixels]:
    """A picture for ``write_clip``: frame n is what ``draw`` draws at n / rate seconds."""

    def picture(frame: int) -> Pixels:
        pixels = np.zeros((height, width, 4), np.uint8)
        surface = skia.Surface(pixels)
        draw(surface.getCanvas(), float(frame / rate))
        return pixels

    return picture

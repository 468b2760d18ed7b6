"""A drawn performer before a screen of one colour, with the truth: hair of single strands, an arm that moves while
the shutter is open, a lamp's falloff and a sensor's noise."""

from collections.abc import Callable
from functools import cache
from math import cos, pi, sin

import numpy as np
import skia
from numpy.typing import NDArray

from renderers.lettering.drawing import blank, canvas_on, filled

Pixels = NDArray[np.uint8]
Picture = Callable[[int], Pixels]

GREEN, BLUE = (52, 168, 74), (38, 74, 178)
DARK = (20, 90, 34)
"""A green screen with too little light."""
JACKET = (128, 128, 128)
"""Grey: where green is left on it, it shows."""
SPILL = 0.08
"""Part of the screen's light that falls on the performer; a third of that in the other two channels."""
_SHUTTER = 8
"""Moments that a frame is the mean of."""


def _strands(canvas: skia.Canvas, x: float, y: float, size: float, colours: tuple[str, ...]) -> None:
    """Single hairs around a head, one pixel wide."""
    for number in range(44):
        angle = pi * (0.92 + 1.16 * number / 43)
        reach = size * (1.5 + 0.35 * sin(number * 2.4))
        bend = size * 0.35 * cos(number * 1.7)
        path = skia.PathBuilder()
        path.moveTo(x + size * 0.8 * cos(angle), y + size * 0.8 * sin(angle))
        end = x + reach * cos(angle), y + reach * sin(angle)
        path.quadTo(x + reach * 0.8 * cos(angle) + bend, y + reach * 0.8 * sin(angle), *end)
        paint = filled(colours[number % len(colours)])
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(1)
        canvas.drawPath(path.detach(), paint)


def _moment(canvas: skia.Canvas, width: int, height: int, time: float) -> None:
    """The performer at ``time`` frames."""
    x, y, size = width * 0.5 + width * 0.004 * time, height * 0.34, height * 0.12
    swing = sin(time * 0.45)
    arm = filled("#c89678")
    arm.setStyle(skia.Paint.kStroke_Style)
    arm.setStrokeWidth(height * 0.055)
    arm.setStrokeCap(skia.Paint.kRound_Cap)
    canvas.drawLine(x + size, height * 0.6, x + size * 2.6, height * (0.45 + 0.28 * swing), arm)
    jacket = "#{:02x}{:02x}{:02x}".format(*JACKET)
    body = skia.Rect.MakeLTRB(x - size * 1.5, height * 0.5, x + size * 1.5, height * 1.1)
    canvas.drawRoundRect(body, size * 0.5, size * 0.5, filled(jacket))
    canvas.drawRect(skia.Rect.MakeXYWH(x - size * 0.4, height * 0.5, size * 0.8, height * 0.3), filled("#f0f0f0"))
    canvas.drawCircle(x - size, height * 0.7, size * 0.25, filled("#e0c020"))
    canvas.drawCircle(x, y - size * 0.15, size * 1.02, filled("#38281e"))
    canvas.drawOval(skia.Rect.MakeXYWH(x - size * 0.7, y - size * 0.75, size * 1.4, size * 1.75), filled("#d2a488"))
    _strands(canvas, x, y - size * 0.15, size, ("#38281e", "#4a3426", "#a08458"))


@cache
def performer(width: int, height: int, number: int) -> NDArray[np.float32]:
    """The truth of a frame, over the shutter's time. [shape=(height, width, 4)] premultiplied R'G'B'A 0..255"""
    total = np.zeros((height, width, 4), np.float32)
    for part in range(_SHUTTER):
        pixels = blank(width, height)
        with canvas_on(pixels) as canvas:
            _moment(canvas, width, height, number + 0.5 * part / _SHUTTER)
        total += pixels
    return total / _SHUTTER


@cache
def screen(width: int, height: int, colour: tuple[int, int, int] = GREEN) -> NDArray[np.float32]:
    """The screen alone: a fifth darker in its corner that is farthest from the lamp. [shape=(height, width, 3)]"""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    far = np.hypot((x / width - 0.3) / 0.7, (y / height - 0.35) / 0.65) / np.sqrt(2)
    return (1 - 0.2 * np.minimum(far, 1) ** 2)[..., None] * np.array(colour, np.float32)


def before_screen(width: int, height: int, *, colour: tuple[int, int, int] = GREEN, noise: float = 2.5) -> Picture:
    """The performer before the screen, as a camera sees it.

    noise : standard deviation of the sensor's noise, codes.
    """

    def frame(number: int) -> Pixels:
        truth, ground = performer(width, height, number), screen(width, height, colour)
        share = truth[..., 3:] / 255
        lit = truth[..., :3] + share * SPILL * ground * np.array([0.3, 0.3, 1] if colour == BLUE else [0.3, 1, 0.3])
        grain = np.random.default_rng(number).normal(0, noise, lit.shape)
        return np.clip(lit + (1 - share) * ground + grain + 0.5, 0, 255).astype(np.uint8)

    return frame


def rgb_of(luma: Pixels, cb: Pixels, cr: Pixels) -> NDArray[np.float64]:
    """R'G'B' 0..255 of limited-range BT.709 4:2:0 planes. [shape=(height, width, 3)]"""
    y = (luma.astype(float) - 16) * 255 / 219
    blue, red = ((np.kron(plane.astype(float), np.ones((2, 2))) - 128) * 255 / 224 for plane in (cb, cr))
    return np.stack([y + 1.5748 * red, y - 0.1873 * blue - 0.4681 * red, y + 1.8556 * blue], axis=-1).clip(0, 255)

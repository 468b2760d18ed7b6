"""Afternoon rain: a tram filmed with a phone, and the kaleidoscope that somebody else made of that."""

import math
from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import skia

from examples.demo import easel
from examples.demo.easel import (
    AMBER,
    CORAL,
    INDIGO,
    MIST,
    NIGHT,
    PLUM,
    TEAL,
    Pixels,
    drift,
    eased,
    faded,
    fill,
    line,
    mixed,
)

WIDTH, HEIGHT = 540, 960
HORIZON, CENTRE = 430.0, 276.0
GLASS = 0xFFFFD98A


def _houses(canvas: skia.Canvas, side: int) -> None:
    """A street front that runs to the vanishing point."""
    random = np.random.default_rng(100 + side)
    for house in range(7, -1, -1):
        near, far = 0.10 + 0.135 * house, 0.10 + 0.135 * (house + 1)
        near, far = 0.07 / near, 0.07 / far
        tall = random.uniform(5.4, 7.4)
        edge_near, edge_far = CENTRE + side * 600 * near, CENTRE + side * 600 * far
        top_near, top_far = HORIZON - tall * 120 * near, HORIZON - tall * 120 * far
        foot_near, foot_far = HORIZON + 250 * near, HORIZON + 250 * far
        wall = mixed(NIGHT, (PLUM, INDIGO, 0xFF4A3A5C)[house % 3], 0.55 - 0.02 * house)
        front = [(edge_near, top_near), (edge_far, top_far), (edge_far, foot_far), (edge_near, foot_near)]
        canvas.drawPath(easel.shape(front), fill(wall))
        for column in range(3):
            for storey in range(4):
                lit = random.random() < 0.42
                corners = []
                for u, v in ((0.18, 0.22), (0.82, 0.22), (0.82, 0.8), (0.18, 0.8)):
                    along, down = (column + u) / 3, (storey + v) / 5.4
                    x = edge_near + (edge_far - edge_near) * along
                    top = top_near + (top_far - top_near) * along
                    foot = foot_near + (foot_far - foot_near) * along
                    corners.append((x, top + (foot - top) * down))
                canvas.drawPath(easel.shape(corners), fill(mixed(wall, GLASS, 0.72 if lit else 0.06)))


@cache
def _street() -> skia.Image:
    """What does not move: sky, houses, wet ground, rails, wires."""
    surface = skia.Surface(WIDTH + 80, HEIGHT + 80)
    canvas = surface.getCanvas()
    canvas.translate(40, 40)
    sky = [0xFF2B3358, 0xFF57466E, 0xFFB0687A, 0xFFE59A72]
    canvas.drawRect(skia.Rect(-40, -40, 580, HORIZON + 20), easel.gradient(-40, HORIZON, sky, [0.0, 0.45, 0.8, 1.0]))
    ground = [0xFFC98A74, 0xFF5E4C6A, 0xFF2B2F4C, 0xFF1D2238]
    canvas.drawRect(skia.Rect(-40, HORIZON, 580, 1000), easel.gradient(HORIZON, 1000, ground, [0, 0.16, 0.5, 1.0]))
    for side in (-1, 1):
        _houses(canvas, side)
    for side in (-1, 1):
        canvas.save()
        canvas.translate(0, 2 * HORIZON + 60)
        canvas.scale(1, -1)
        canvas.saveLayer(None, skia.Paint(Alphaf=0.16))
        _houses(canvas, side)
        canvas.restore()
        canvas.restore()
    for rail in (-105, -58, 58, 105):
        canvas.drawLine(CENTRE, HORIZON + 6, CENTRE + rail * 4.4, 1000, line(faded(MIST, 0.5), 2.6))
    for wire in (0, 34):
        canvas.drawLine(CENTRE, HORIZON - 40, CENTRE + wire * 6, -60, line(faded(NIGHT, 0.8), 1.8))
    return surface.makeImageSnapshot()


def _tram(canvas: skia.Canvas, nearness: float, moment: float) -> None:
    """The tram, ``nearness`` 1 filling the street."""
    size = 0.16 + 1.0 * nearness**2
    x, foot = CENTRE + 82 * size - 12, HORIZON + 18 + 330 * size
    canvas.save()
    canvas.translate(x, foot)
    canvas.scale(size, size)
    for shine in range(8):
        opacity = 0.20 * (1 - shine / 8)
        canvas.drawRect(
            skia.Rect(-120 - 3 * shine, 26 * shine, 120 + 3 * shine, 26 * shine + 26), fill(faded(CORAL, opacity))
        )
    body = skia.RRect.MakeRectXY(skia.Rect(-132, -400, 132, 0), 34, 34)
    canvas.drawRRect(body, fill(0xFFB8443A))
    canvas.drawRRect(skia.RRect.MakeRectXY(skia.Rect(-132, -172, 132, 0), 26, 26), fill(0xFFEFE0C4))
    canvas.drawRect(skia.Rect(-132, -180, 132, -150), fill(0xFF8E332D))
    canvas.drawRRect(skia.RRect.MakeRectXY(skia.Rect(-112, -330, 112, -190), 14, 14), fill(0xFFFFE3A6))
    for post in (-38, 38):
        canvas.drawRect(skia.Rect(post - 4, -330, post + 4, -190), fill(0xFF7A2B28))
    canvas.drawCircle(-10, -250, 22, fill(0xFF4A3348))
    canvas.drawRRect(skia.RRect.MakeRectXY(skia.Rect(-50, -232, 28, -180), 20, 20), fill(0xFF4A3348))
    canvas.drawRRect(skia.RRect.MakeRectXY(skia.Rect(-84, -382, 84, -342), 8, 8), fill(0xFF241C2A))
    for dot in range(11):
        canvas.drawCircle(-66 + 13 * dot, -362 + 5 * math.sin(dot * 2.1), 4.2, fill(AMBER))
    canvas.drawLine(0, -400, -30, -520, line(NIGHT, 7))
    wiper = 32 * math.sin(moment * 3.4)
    canvas.drawLine(60, -192, 60 - 52 + wiper, -300, line(0xFF3A2A30, 5))
    for lamp in (-84, 84):
        canvas.drawCircle(lamp, -74, 20, fill(0xFFFFF3CE))
        easel.glow(canvas, lamp, -74, 96, 0xFFFFC870, 0.5)
    canvas.drawRect(skia.Rect(-100, -22, 100, 0), fill(0xFF2B2230))
    canvas.restore()
    for lamp in (-84, 84):
        reach = 300 * size
        beam = easel.gradient(foot, foot + reach, [faded(0xFFFFDFA0, 0.55), faded(0xFFFFDFA0, 0)])
        canvas.drawRect(skia.Rect(x + (lamp - 16) * size, foot, x + (lamp + 16) * size, foot + reach), beam)


def _umbrella(canvas: skia.Canvas, x: float, y: float, size: float, colour: int, moment: float) -> None:
    bob = 3 * abs(math.sin(moment * 5))
    canvas.save()
    canvas.translate(x, y - bob)
    canvas.scale(size, size)
    step = 12 * math.sin(moment * 5)
    for leg in (-1, 1):
        canvas.drawLine(leg * 6, -60, leg * (6 + step * 0.6), bob, line(0xFF1A1C30, 11))
    canvas.drawRRect(skia.RRect.MakeRectXY(skia.Rect(-24, -146, 24, -50), 20, 20), fill(0xFF1D2038))
    dome = skia.PathBuilder().moveTo(-84, -150).cubicTo(-80, -248, 80, -248, 84, -150)
    for scallop in (56, 28, 0, -28, -56, -84):
        dome.quadTo(scallop + 14, -164, scallop, -150)
    canvas.drawPath(dome.close().detach(), fill(colour))
    canvas.drawLine(0, -224, 0, -240, line(0xFF1D2038, 5))
    canvas.restore()


def _rain(canvas: skia.Canvas, moment: float) -> None:
    streaks, rings = skia.PathBuilder(), skia.PathBuilder()
    for x, y, speed in np.random.default_rng(120).uniform(0, 1, (120, 3)):
        fall = (y + moment * (1.3 + speed)) % 1.0
        left, top = x * 620 - 40 - 26 * fall, fall * 1060 - 60
        streaks.moveTo(left, top).lineTo(left - 3, top + 26 + 26 * speed)
    for x, y, start in np.random.default_rng(121).uniform(0, 1, (26, 3)):
        age = (moment * 1.7 + start) % 1.0
        near = 0.3 + y
        rings.addOval(skia.Rect.MakeXYWH(x * 560 - 20 * near * age, 560 + 380 * y, 40 * near * age, 14 * near * age))
    canvas.drawPath(streaks.detach(), line(faded(0xFFE8E4EE, 0.34), 1.6))
    canvas.drawPath(rings.detach(), line(faded(0xFFE8E4EE, 0.22), 1.4))


def tram(canvas: skia.Canvas, moment: float) -> None:
    """540x960, held by hand: a tram comes up a wet street at dusk."""
    canvas.translate(270 + 9 * drift(110, moment * 1.1), 480 + 7 * drift(111, moment * 1.3))
    canvas.rotate(0.8 * drift(112, moment * 0.9))
    canvas.scale(1.05, 1.05)
    canvas.translate(-270, -480)
    canvas.drawImage(_street(), -40, -40)
    _tram(canvas, 0.14 + 0.62 * eased(moment, -1.5, 5.6), moment)
    _umbrella(canvas, 76 + 26 * moment, 760, 0.86, TEAL, moment + 0.3)
    _umbrella(canvas, 470 - 17 * moment, 716, 0.66, AMBER, moment)
    _rain(canvas, moment)


def filmed(picture: Callable[[int], Pixels]) -> Callable[[int], Pixels]:
    """``picture`` as a phone's small sensor sees it at dusk."""
    return lambda frame: easel.with_grain(picture(frame)[..., :3], seed=frame, amount=9.0)


@cache
def _mirrors(size: int) -> tuple[np.ndarray, np.ndarray]:
    """For each pixel its distance from the middle, and its angle folded into one of twelve half wedges."""
    y, x = np.mgrid[:size, :size].astype(np.float32) - (size - 1) / 2
    wedge = np.pi / 6
    angle = np.mod(np.arctan2(y, x), 2 * wedge)
    return np.hypot(x, y), np.minimum(angle, 2 * wedge - angle)


def kaleidoscope(frame: int) -> Pixels:
    """720x720 at 25 frames a second: the tram's lights, mirrored six times and turned."""
    moment = frame / 25
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    tram(skia.Surface(pixels).getCanvas(), 2.2 + moment * 0.8)
    radius, angle = _mirrors(720)
    turned = angle + 0.16 * moment + 0.6
    across = CENTRE + 6 + 20 * math.sin(moment * 0.9) + radius * np.cos(turned) * 0.7
    down = 512 + 10 * moment - radius * np.sin(turned) * 1.25
    mirrored = cv2.remap(pixels[..., :3], across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    light = np.clip(1.18 - radius / 560, 0, 1)[..., None] * np.array([1.12, 1.02, 1.1], np.float32)
    return np.clip(mirrored * light, 0, 255).astype(np.uint8)

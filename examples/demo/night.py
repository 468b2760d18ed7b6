"""Night: lanterns and fireflies on a pond, and the stars as a camera sees them turn."""

import math
from functools import cache

import numpy as np
import skia

from examples.demo import easel
from examples.demo.easel import AMBER, CREAM, drift, eased, faded, fill, line, mixed

_PLUS = skia.BlendMode.kPlus


@cache
def _spark(colour: int) -> skia.Image:
    """A soft light, to be drawn at any size."""
    surface = skia.Surface(128, 128)
    easel.glow(surface.getCanvas(), 64, 64, 64, colour, 1.0)
    return surface.makeImageSnapshot()


def _lit(canvas: skia.Canvas, x: float, y: float, radius: float, colour: int, strength: float) -> None:
    box = skia.Rect.MakeXYWH(x - radius, y - radius, 2 * radius, 2 * radius)
    smooth = skia.SamplingOptions(skia.FilterMode.kLinear)
    canvas.drawImageRect(_spark(colour), box, smooth, skia.Paint(BlendMode=_PLUS, Alphaf=min(1.0, max(0.0, strength))))


@cache
def _pond() -> skia.Image:
    surface = skia.Surface(960, 540)
    canvas = surface.getCanvas()
    canvas.drawRect(
        skia.Rect(0, 0, 960, 540), easel.gradient(0, 300, [0xFF0E1630, 0xFF1E3050, 0xFF3A5A68], [0, 0.6, 1.0])
    )
    for ridge, (level, colour) in enumerate(((236, 0xFF1C3448), (262, 0xFF14283A))):
        hills = skia.PathBuilder(
            easel.through([(x, level + 20 * math.sin(x / 110 + 2 * ridge)) for x in range(-40, 1040, 40)])
        )
        hills.lineTo(1040, 300).lineTo(-40, 300).close()
        canvas.drawPath(hills.detach(), fill(colour))
    canvas.drawRect(skia.Rect(0, 290, 960, 540), easel.gradient(290, 540, [0xFF2C4A58, 0xFF14283C, 0xFF0A1424]))
    return surface.makeImageSnapshot()


def _lantern(canvas: skia.Canvas, x: float, y: float, size: float, light: float) -> None:
    """A paper lantern on the water, and its light in it."""
    for gleam in range(7):
        width = size * (0.9 - 0.09 * gleam) * (1 + 0.3 * math.sin(gleam * 2.3 + light * 9))
        top = y + size * (0.12 + 0.3 * gleam)
        canvas.drawOval(
            skia.Rect.MakeXYWH(x - width / 2, top, width, size * 0.16), fill(faded(0xFFFFB060, 0.5 - 0.065 * gleam))
        )
    _lit(canvas, x, y - size * 0.6, size * 2.6, 0xFFFF9A4A, 0.55 + 0.2 * light)
    body = skia.RRect.MakeRectXY(
        skia.Rect(x - size * 0.48, y - size * 1.2, x + size * 0.48, y), size * 0.16, size * 0.16
    )
    canvas.drawRRect(body, easel.gradient(y - size * 1.2, y, [0xFFF08A4A, 0xFFFFD890, 0xFFFFEDC0]))
    for rib in (0.3, 0.6, 0.9):
        canvas.drawLine(
            x - size * 0.47, y - size * rib, x + size * 0.47, y - size * rib, line(faded(0xFFB0502A, 0.5), 1.4)
        )
    canvas.drawRect(skia.Rect(x - size * 0.55, y - 3, x + size * 0.55, y + 3), fill(0xFF2A1A1C))


def _reeds(canvas: skia.Canvas, moment: float) -> None:
    for number, (x, tall) in enumerate(np.random.default_rng(401).uniform(0, 1, (46, 2))):
        root = x * 300 - 30 if number % 2 else 960 - x * 260 + 20
        height = 120 + 190 * tall
        lean = 26 * math.sin(moment * 0.9 + root / 120) + 14 * (tall - 0.5)
        stalk = skia.PathBuilder().moveTo(root, 560).quadTo(root, 540 - height * 0.6, root + lean, 550 - height)
        canvas.drawPath(stalk.detach(), line(0xFF060D18, 3.2 + 2 * tall))
        if number % 3 == 0:
            head = easel.through([(root + lean, 552 - height), (root + lean * 1.12, 522 - height)])
            canvas.drawPath(head, line(0xFF0B1220, 9))


def fireflies(canvas: skia.Canvas, moment: float) -> None:
    """960x540: lanterns drift over a pond, and fireflies rise out of the reeds."""
    canvas.drawImage(_pond(), 0, 0)
    for ripple in range(16):
        y = 312 + 14 * ripple
        x = (ripple * 217 + moment * (8 + ripple)) % 1100 - 100
        canvas.drawLine(x, y, x + 60 + 8 * ripple, y, line(faded(0xFF7FA8B0, 0.16), 1.6))
    for lantern in range(8):
        depth = lantern / 7
        x = (90 + lantern * 347) % 900 + moment * (9 + 15 * depth) - 10
        y = 318 + 128 * depth + 2.5 * math.sin(moment * 1.4 + lantern)
        _lantern(canvas, x, y, 20 + 44 * depth, 0.5 + 0.5 * drift(402 + lantern, moment * 2.2))
    _reeds(canvas, moment)
    for fly, (x, y, phase, near) in enumerate(np.random.default_rng(403).uniform(0, 1, (54, 4))):
        left = x * 1000 - 20 + 46 * drift(420 + fly, moment * 0.8 + phase * 9)
        top = 130 + y * 400 - 20 * moment + 34 * drift(480 + fly, moment * 0.7 + phase * 7)
        pulse = max(0.0, math.sin(moment * 2.1 + phase * 6.28)) ** 1.5
        _lit(canvas, left, top, 9 + 26 * near * near, 0xFFD8F070, 0.9 * pulse)
        canvas.drawCircle(left, top, 1.2 + 1.6 * near, fill(faded(0xFFF8FFC8, pulse)))


@cache
def _heaven() -> skia.Image:
    """The Milky Way, larger than the picture, around the pole."""
    haze = easel.clouds(1500, 1500, size=260, seed=440, octaves=5)
    y, x = np.mgrid[:1500, :1500].astype(np.float32) / 1500 - 0.5
    band = np.exp(-(((x * 0.8 + y * 0.6 - 0.16) / 0.10) ** 2)) * haze
    glow = np.clip(band, 0, 1)[..., None] * np.array([96, 92, 128], np.float32)
    alpha = np.full((1500, 1500, 1), 255, np.float32)
    return skia.Image.fromarray(np.concatenate([glow, alpha], axis=2).astype(np.uint8))


def _hill(canvas: skia.Canvas, moment: float) -> None:
    for ridge, (level, rise, colour) in enumerate(((560, 74, 0xFF12182C), (624, 40, 0xFF0A0E1C))):
        points = [(x, level - rise * math.sin(x / (230 - 60 * ridge) + 1.1 + ridge * 2)) for x in range(-40, 1360, 40)]
        path = skia.PathBuilder(easel.through(points)).lineTo(1360, 760).lineTo(-40, 760).close()
        canvas.drawPath(path.detach(), fill(colour))
    canvas.drawPath(easel.shape([(896, 640), (896, 590), (928, 562), (960, 590), (960, 640)]), fill(0xFF070A14))
    light = 0.85 + 0.15 * drift(450, moment * 3)
    canvas.drawRect(skia.Rect(916, 598, 940, 622), fill(mixed(0xFF3A2A20, 0xFFFFD58A, light)))
    canvas.drawRect(skia.Rect(927, 598, 929, 622), fill(0xFF070A14))
    easel.glow(canvas, 928, 610, 90, AMBER, 0.5 * light)
    for tree, (x, y) in enumerate(((830, 628), (1010, 642), (1046, 650), (190, 640), (236, 628))):
        tall = 70 + 16 * (tree % 3)
        canvas.drawPath(easel.shape([(x - 18, y), (x, y - tall), (x + 18, y)]), fill(0xFF070A14))


def stars(canvas: skia.Canvas, moment: float) -> None:
    """960x540: hours in five seconds; every star draws its arc around the pole while somebody is still up."""
    canvas.scale(0.75, 0.75)
    turned = 46 * eased(moment, -1.5, 6.8)
    end = eased(moment, 1.6, 4.8)
    sky = [mixed(0xFF070B1A, 0xFF1C2A52, end), mixed(0xFF101832, 0xFF4A4A7C, end), mixed(0xFF1E2A4C, 0xFFE59A72, end)]
    canvas.drawRect(skia.Rect(0, 0, 1280, 720), easel.gradient(0, 640, sky, [0.0, 0.6, 1.0]))
    pole = (560.0, 250.0)
    canvas.save()
    canvas.translate(*pole)
    canvas.rotate(turned - 30)
    dim = skia.Paint(BlendMode=_PLUS, Alphaf=1 - 0.8 * end)
    canvas.drawImage(_heaven(), -750, -750, skia.SamplingOptions(skia.FilterMode.kLinear), dim)
    canvas.restore()
    trail = max(0.6, 24 * eased(moment, 0.3, 5.4))
    tints = (CREAM, 0xFFCFE0F0, 0xFFFFFFFF, 0xFFFFC9A8)
    for star, (radius, angle, bright) in enumerate(np.random.default_rng(441).uniform(0, 1, (330, 3))):
        reach = 12 + 900 * math.sqrt(radius)
        start = angle * 360 + turned
        box = skia.Rect.MakeXYWH(pole[0] - reach, pole[1] - reach, 2 * reach, 2 * reach)
        opacity = (0.3 + 0.7 * bright**3) * (1 - 0.55 * end)
        canvas.drawArc(
            box, start - trail, trail, False, line(faded(tints[star % 4], opacity * 0.6), 0.9 + 1.3 * bright**4)
        )
        head = (pole[0] + reach * math.cos(math.radians(start)), pole[1] + reach * math.sin(math.radians(start)))
        canvas.drawCircle(*head, 0.9 + 1.5 * bright**4, fill(faded(tints[star % 4], opacity)))
    fall = eased(moment, 1.7, 2.15)
    if 0 < fall < 1:
        x, y = 900 + 260 * fall, 110 + 120 * fall
        canvas.drawLine(x - 90, y - 42, x, y, line(faded(0xFFFFFFFF, 0.8 * (1 - fall)), 2.4))
    _hill(canvas, moment)

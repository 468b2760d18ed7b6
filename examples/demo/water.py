"""Things that drift: a paper boat in watercolour, and a dandelion in chalk that the wind takes."""

import math
from functools import cache

import numpy as np
import skia

from examples.demo import easel
from examples.demo.easel import AMBER, CORAL, drift, eased, faded, fill, line


def _washed(width: int, height: int, seed: int) -> np.ndarray:
    """Layers of pigment that dried on paper: (height, width, 3) float32, 0..255."""
    sheet = np.full((height, width, 3), (246, 239, 226), np.float32)
    for layer, (size, colour, strength) in enumerate(
        (
            (420, (120, 176, 184), 0.9),
            (300, (60, 127, 140), 0.75),
            (200, (44, 92, 122), 0.55),
            (150, (196, 170, 150), 0.3),
        )
    ):
        field = easel.clouds(width, height, size=size, seed=seed + layer, octaves=5)
        body = np.clip((field - 0.36) * 3.2, 0, 1)
        rim = np.exp(-(((field - 0.40) / 0.018) ** 2))  # pigment gathers where a wash dries
        granules = 0.85 + 0.3 * easel.clouds(width, height, size=5, seed=seed + 40 + layer, octaves=2)
        cover = np.clip((body * 0.62 + rim * 0.34) * strength * granules, 0, 1)[..., None]
        sheet *= 1 - cover * (1 - np.array(colour, np.float32) / 255)
    return sheet


@cache
def _stream() -> skia.Image:
    sheet = _washed(1640, 620, 140).astype(np.uint8)
    return skia.Image.fromarray(np.dstack([sheet, np.full(sheet.shape[:2], 255, np.uint8)]))


def _leaf(canvas: skia.Canvas, x: float, y: float, turn: float, size: float, colour: int) -> None:
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(turn)
    blade = skia.PathBuilder().moveTo(-size, 0).quadTo(0, -size * 0.62, size, 0).quadTo(0, size * 0.62, -size, 0)
    path = blade.close().detach()
    canvas.drawPath(path, fill(faded(colour, 0.62), blend=skia.BlendMode.kMultiply))
    canvas.drawPath(path, line(faded(colour, 0.7), 1.6))
    canvas.drawLine(-size * 1.3, 0, size * 0.8, 0, line(faded(0xFF7A4A32, 0.6), 1.5))
    canvas.restore()


def _ripples(canvas: skia.Canvas, moment: float) -> None:
    for x, y, start in np.random.default_rng(150).uniform(0, 1, (22, 3)):
        age = (moment * 0.75 + start * 3) % 1.5
        if age < 1:
            for ring in range(3):
                radius = (64 * age - 15 * ring) * (0.6 + 0.5 * y)
                if radius > 1:
                    place = (x * 1000 - moment * 34) % 1040 - 40
                    box = skia.Rect.MakeXYWH(place - radius, y * 560 - radius * 0.62, 2 * radius, 1.24 * radius)
                    canvas.drawOval(box, line(faded(0xFF1F5468, 0.5 * (1 - age)), 2.4))
                    canvas.drawOval(box.makeOffset(0, 3), line(faded(0xFFF8F3E8, 0.5 * (1 - age)), 1.4))


def _folded_boat(canvas: skia.Canvas, x: float, y: float, turn: float) -> None:
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(turn)
    canvas.drawOval(skia.Rect(-150, 20, 150, 84), fill(faded(0xFF173B50, 0.28)))
    sail, fold = [(-62, 8), (4, -128), (62, 8)], [(4, -128), (62, 8), (8, 8)]
    hull, inside = [(-158, -26), (-70, 8), (70, 8), (158, -26), (96, 62), (-96, 62)], [(-158, -26), (-70, 8), (-96, 62)]
    for points, colour in ((sail, 0xFFF8F2E6), (fold, 0xFFDCD6CC), (hull, 0xFFF3ECDD), (inside, 0xFFD5CFC6)):
        canvas.drawPath(easel.shape(points), fill(colour))
        canvas.drawPath(easel.shape(points), line(faded(0xFF6A7078, 0.55), 1.8))
    for row in range(4):
        inset = 8 * row
        canvas.drawLine(-64 + inset, 20 + 10 * row, 72 - inset, 20 + 10 * row, line(faded(0xFF55606C, 0.35), 2.4))
    canvas.drawPath(easel.shape([(4, -128), (4, -160), (44, -146)]), fill(faded(CORAL, 0.85)))
    canvas.restore()


def paper_boat(canvas: skia.Canvas, moment: float) -> None:
    """960x540: a folded boat rides the rain's stream, in washes of blue on rough paper."""
    canvas.drawImage(_stream(), -40 - 96 * moment + 30 * math.sin(moment * 0.8), -40 + 14 * math.sin(moment * 1.1))
    _ripples(canvas, moment)
    for leaf in range(7):
        x = (leaf * 173 + 40 - moment * (46 + 9 * (leaf % 3))) % 1160 - 100
        y = 66 + (leaf * 149) % 440 + 10 * math.sin(moment * 1.3 + leaf)
        _leaf(
            canvas, x, y, leaf * 51 + 40 * math.sin(moment * 0.7 + leaf), 26 + 4 * (leaf % 3), (AMBER, CORAL)[leaf % 2]
        )
    x = 300 + 290 * eased(moment, -1.5, 7)
    _folded_boat(canvas, x, 300 + 13 * math.sin(moment * 2.3), 5 * math.sin(moment * 1.7) - 2)
    easel.lay_paper(canvas, easel.paper(960, 540, seed=151, strength=0.14))


@cache
def _board() -> skia.Image:
    """A slate that was wiped often."""
    smear = easel.clouds(854, 480, size=160, seed=160)
    grey = 40 + 22 * smear + 5 * np.random.default_rng(161).random((480, 854))
    pixels = np.dstack([grey * 0.92, grey * 1.02, grey * 1.05, np.full_like(grey, 255)]).astype(np.uint8)
    return skia.Image.fromarray(np.ascontiguousarray(pixels))


@cache
def _dust() -> skia.Image:
    """Where chalk catches on the slate: a mask in the alpha channel."""
    tooth = easel.clouds(854, 480, size=3, seed=162, octaves=1)
    alpha = (255 * np.clip((tooth - 0.22) * 2.6, 0.1, 1)).astype(np.uint8)
    return skia.Image.fromarray(np.dstack([alpha * 0, alpha * 0, alpha * 0, alpha]))


def _grown(canvas: skia.Canvas, path: skia.Path, part: float, colour: int, width: float) -> None:
    """A chalk line as far as it is drawn."""
    if part > 0:
        paint = line(colour, width)
        paint.setPathEffect(skia.TrimPathEffect.Make(0, min(0.9999, max(0.001, part))))
        canvas.drawPath(path, paint)


def _seed(canvas: skia.Canvas, x: float, y: float, angle: float, open_: float) -> None:
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(math.degrees(angle))
    canvas.drawLine(0, 0, 46 * open_, 0, line(0xFFF2EFE6, 2.2))
    for hair in range(-3, 4):
        spread = hair * 0.3
        tip = (46 * open_ + 20 * math.cos(spread) * open_, 20 * math.sin(spread) * open_)
        canvas.drawLine(46 * open_, 0, *tip, line(0xFFF2EFE6, 1.9))
    canvas.restore()


def dandelion(canvas: skia.Canvas, moment: float) -> None:
    """854x480: chalk draws a dandelion, and a breath of wind undoes it."""
    canvas.drawImage(_board(), 0, 0)
    canvas.saveLayer()
    canvas.save()
    canvas.translate(-100, -84)
    canvas.scale(1.28, 1.28)
    head = (320.0, 172.0)
    stem = easel.through([(292, 500), (304, 400), (326, 290), head])
    _grown(canvas, stem, eased(moment, 0.0, 0.6), 0xFF9DBF8A, 6)
    for leaf, (x, y) in enumerate(((196, 396), (432, 376), (236, 440), (398, 446))):
        path = easel.through([(300, 470), ((300 + x) / 2, y - 26), (x, y), ((300 + x) / 2, y + 34), (304, 474)])
        _grown(canvas, path, eased(moment, 0.3 + 0.1 * leaf, 0.85 + 0.1 * leaf), 0xFF9DBF8A, 5)
    wind = eased(moment, 1.8, 2.4)
    for gust in range(4):
        y = 96 + 58 * gust
        path = easel.through(
            [(60 + 30 * gust, y), (240, y - 16), (420, y + 12), (640, y - 10), (690, y - 40), (656, y - 52)]
        )
        _grown(canvas, path, eased(moment, 1.7 + 0.12 * gust, 2.5 + 0.12 * gust), faded(0xFF8FB6C4, 0.75), 3)
    for seed in range(30):
        angle = seed * 2 * math.pi / 30
        open_ = eased(moment, 0.7 + seed * 0.02, 1.0 + seed * 0.02)
        if open_ <= 0:
            continue
        leave = 1.9 + 0.045 * ((seed * 7) % 30)
        flown = max(0.0, moment - leave)
        x = head[0] + 230 * flown * flown + 110 * flown + 16 * drift(170 + seed, moment) * min(1.0, flown * 3)
        y = head[1] - 46 * flown + 40 * drift(200 + seed, moment * 1.2) * min(1.0, flown * 2)
        _seed(canvas, x, y, angle + (1.2 * flown if flown else 0.05 * wind * math.sin(moment * 22 + seed)), open_)
    canvas.drawCircle(*head, 9 * eased(moment, 0.6, 0.8), fill(AMBER))
    canvas.restore()
    canvas.drawImage(_dust(), 0, 0, skia.SamplingOptions(), skia.Paint(BlendMode=skia.BlendMode.kDstIn))
    canvas.restore()

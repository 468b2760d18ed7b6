"""The middle of the day: a kite in ink lines, the sun through slats of paper, swallows with a clear ground."""

import math
from collections.abc import Sequence

import numpy as np
import skia

from examples.demo import easel
from examples.demo.easel import AMBER, CORAL, CREAM, INK, PAPER, drift, eased, faded, fill, line


def _boiled(points: Sequence[tuple[float, float]], moment: float, seed: int) -> skia.Path:
    """A line drawn anew eight times a second."""
    random = np.random.default_rng(seed * 1000 + int(moment * 8) % 3)
    shaken = np.array(points) + random.normal(0, 0.9, (len(points), 2))
    return easel.through([(x, y) for x, y in shaken.tolist()])


def _kite_at(moment: float) -> tuple[float, float, float]:
    x = 600 + 150 * math.sin(moment * 0.9 + 0.4) + 30 * drift(5, moment * 1.3)
    y = 150 + 46 * math.sin(moment * 1.8) + 16 * drift(6, moment * 1.3)
    return x, y, 18 + 26 * math.cos(moment * 0.9 + 0.4)


def _runner(canvas: skia.Canvas, x: float, y: float, moment: float) -> tuple[float, float]:
    """A child who runs; answers where the hand is."""
    step, pen = moment * 9, line(INK, 3.2)
    y -= 7 * abs(math.sin(step))
    hip, neck = (x, y - 34), (x + 7, y - 68)
    canvas.drawPath(_boiled([hip, (x + 4, y - 50), neck], moment, 31), pen)
    canvas.drawCircle(x + 10, y - 79, 10, pen)
    for leg in (0.0, math.pi):
        swing, lift = math.sin(step + leg), max(0.0, math.cos(step + leg))
        knee = (x + 13 * swing + 5, y - 18)
        canvas.drawPath(_boiled([hip, knee, (x + 22 * swing - 6 * lift, y - 1 - 12 * lift)], moment, 33), pen)
    arm = math.sin(step)
    canvas.drawPath(_boiled([neck, (x - 6, y - 52 + 4 * arm), (x + 4 - 8 * arm, y - 42)], moment, 34), pen)
    hand = (x + 26, y - 84)
    canvas.drawPath(_boiled([neck, (x + 18, y - 68), hand], moment, 35), pen)
    scarf = [(neck[0] - 11 * k, neck[1] + 4 * math.sin(moment * 11 - k * 1.2) * k / 2 + 2) for k in range(5)]
    canvas.drawPath(easel.through(scarf), line(CORAL, 5))
    return hand


def _kite(canvas: skia.Canvas, moment: float) -> None:
    x, y, turn = _kite_at(moment)
    tail = []
    for knot in range(12):
        late_x, late_y, _ = _kite_at(moment - 0.045 * knot)
        tail.append((late_x - 14 * knot, late_y + 44 + 9 * knot + 7 * math.sin(moment * 7 - knot)))
    canvas.drawPath(easel.through(tail), line(INK, 1.8))
    for knot in range(2, 12, 2):
        canvas.drawCircle(*tail[knot], 4.6, fill(AMBER if knot % 4 else CORAL))
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(turn)
    corners = [(0, -58), (38, -10), (0, 48), (-38, -10)]
    canvas.drawPath(easel.shape(corners[:3]), fill(CORAL))
    canvas.drawPath(easel.shape([corners[0], corners[2], corners[3]]), fill(AMBER))
    canvas.drawPath(easel.shape(corners), line(INK, 2.6))
    canvas.drawLine(0, -58, 0, 48, line(INK, 1.8))
    canvas.drawLine(-38, -10, 38, -10, line(INK, 1.8))
    canvas.restore()


def _cloud(canvas: skia.Canvas, x: float, y: float, size: float) -> None:
    outline = skia.PathBuilder().moveTo(x - 70 * size, y)
    for dx, dy, width in ((-24, -26, 56), (30, -34, 64), (82, 0, 58)):
        outline.arcTo(
            (width * size * 0.55, width * size * 0.5),
            0.0,
            skia.PathBuilder.ArcSize.kSmall_ArcSize,
            skia.PathDirection.kCW,
            (x + dx * size, y + dy * size * 0.3),
        )
    canvas.drawPath(outline.detach(), line(faded(INK, 0.4), 2.2))


def _grass(moment: float) -> skia.Path:
    """Blades that lean with the gusts that run over the field."""
    stalks = skia.PathBuilder()
    for x, y in np.random.default_rng(44).uniform(0, 1, (170, 2)):
        place, root = (x * 1060 - moment * 150) % 1060 - 40, 446 + 94 * y
        tall, gust = 14 + 26 * y, 11 + 9 * math.sin(place / 90 + moment * 4.4)
        stalks.moveTo(place, root).quadTo(place + 2, root - tall * 0.7, place + gust, root - tall)
    return stalks.detach()


def kite(canvas: skia.Canvas, moment: float) -> None:
    """960x540: a child runs over a field of ink lines; only the kite has colour."""
    canvas.clear(PAPER)
    for cloud in range(3):
        x = (120 + 420 * cloud - moment * (16 + 7 * cloud)) % 1240 - 140
        _cloud(canvas, x, 110 + 62 * (cloud % 2), 1.0 - 0.16 * cloud)
    for hill, (level, rise, speed) in enumerate(((330, 34, 14), (372, 26, 34), (420, 16, 70))):
        ridge = [
            (x, level - rise * math.sin((x + moment * speed) / (150 - 26 * hill) + hill)) for x in range(-40, 1040, 40)
        ]
        ground = skia.PathBuilder(_boiled(ridge, moment, 50 + hill))
        ground.lineTo(1040, 560).lineTo(-40, 560).close()
        shade = ground.detach()
        canvas.drawPath(shade, fill(easel.mixed(PAPER, 0xFFD9DCC0, 0.35 + 0.3 * hill)))
        canvas.drawPath(easel.through(ridge), line(INK, 1.8 + 0.5 * hill))
    canvas.drawPath(_grass(moment), line(faded(INK, 0.7), 1.7))
    canvas.save()
    canvas.translate(232 + 18 * math.sin(moment), 478)
    canvas.scale(1.6, 1.6)
    x, y = _runner(canvas, 0, 0, moment)
    canvas.restore()
    hand = (232 + 18 * math.sin(moment) + 1.6 * x, 478 + 1.6 * y)
    x, y, _ = _kite_at(moment)
    sag = ((hand[0] + x) / 2 + 30, (hand[1] + y) / 2 + 64)
    canvas.drawPath(skia.PathBuilder().moveTo(*hand).quadTo(*sag, x, y).detach(), line(faded(INK, 0.8), 1.5))
    _kite(canvas, moment)
    easel.lay_paper(canvas, easel.paper(960, 540, seed=41))


def _star(x: float, y: float, turn: float, rays: int) -> skia.Path:
    path = skia.PathBuilder()
    for ray in range(rays):
        start, end = turn + ray * 2 * math.pi / rays, turn + (ray + 0.5) * 2 * math.pi / rays
        path.moveTo(x, y)
        path.lineTo(x + 900 * math.cos(start), y + 900 * math.sin(start))
        path.lineTo(x + 900 * math.cos(end), y + 900 * math.sin(end)).close()
    return path.detach()


def slats(canvas: skia.Canvas, moment: float) -> None:
    """640x640, a loop of three seconds: the noon sun through two fans of paper slats."""
    turn = moment / 3 * 2 * math.pi
    canvas.clear(CREAM)
    canvas.drawPath(_star(320, 320, turn / 72, 72), fill(AMBER))
    x, y = 320 + 34 * math.cos(turn), 320 + 34 * math.sin(turn)
    canvas.drawPath(_star(x, y, -turn / 72, 72), fill(0xFFDB5B43))
    canvas.drawCircle(320, 320, 112 + 5 * math.sin(turn * 2), fill(CREAM))
    canvas.drawCircle(320, 320, 86, fill(AMBER))


def _swallow(canvas: skia.Canvas, size: float, span: float) -> None:
    """Seen from below, flying to the right; ``span`` opens its wings."""
    body = [(1.0, 0), (0.5, -0.17), (-0.5, -0.1), (-1.5, -0.34), (-0.9, 0), (-1.5, 0.34), (-0.5, 0.1), (0.5, 0.17)]
    canvas.drawPath(easel.shape([(x * size, y * size) for x, y in body]), fill(0xFF2B2D44))
    for side in (-1, 1):
        wing = [(0.55, 0.05), (0.5, 0.7), (-0.1, 1.35), (-1.0, 1.9), (-0.35, 1.1), (-0.2, 0.1)]
        path = easel.through([(x * size, y * side * span * size) for x, y in wing], closed=True)
        canvas.drawPath(path, fill(0xFF353850))
    canvas.drawCircle(size * 0.72, 0, size * 0.12, fill(CORAL))


def swallows(canvas: skia.Canvas, moment: float) -> None:
    """640x360 with a clear ground, four seconds: a flock of swallows crosses from left to right."""
    canvas.clear(0)
    for bird, (x, y) in enumerate(np.random.default_rng(73).permuted(np.mgrid[0:3, 0:3].reshape(2, 9).T, axis=0)):
        size = 9 + 3 * (bird % 4)
        left = -230 + 235 * moment + 92 * x + 30 * drift(74 + bird, moment * 0.8)
        top = 96 + 84 * y + 24 * drift(90 + bird, moment * 0.9)
        glide = eased(math.sin(moment * 2 + bird * 2.1), -0.2, 0.6)
        canvas.save()
        canvas.translate(left, top)
        canvas.rotate(16 * drift(90 + bird, moment * 0.9 + 0.4))
        _swallow(canvas, size, 1 - (0.5 - 0.5 * math.cos(moment * 24 + bird)) * 0.6 * glide)
        canvas.restore()

"""First light: a paper-cut sea and a breakfast moved by hand on a table."""

import math

import numpy as np
import skia

from examples.demo import easel
from examples.demo.easel import AMBER, CORAL, CREAM, INDIGO, INK, LEAF, MIST, PAPER, PLUM, TEAL, eased, fill, mixed

SKY = (0xFF3A3A66, PLUM, 0xFFA8566A, CORAL, 0xFFEE8F5C, AMBER, CREAM)
SEA = (0xFFD98A66, 0xFF9A6A74, 0xFF5C6E84, TEAL, 0xFF2C6272, 0xFF234C62, 0xFF1C3450)


def _sheet(canvas: skia.Canvas, path: skia.Path, colour: int) -> None:
    """A cut sheet and the shadow it throws upward on the one behind."""
    for width, opacity in ((18, 0.09), (8, 0.12)):
        canvas.drawPath(path, easel.line(easel.faded(INK, opacity), width))
    canvas.drawPath(path, fill(colour))


def _wave(level: float, height: float, length: float, phase: float) -> skia.Path:
    points = [(x, level + height * math.sin(x / length + phase)) for x in range(-80, 1380, 40)]
    path = skia.PathBuilder(easel.through(points))
    path.lineTo(1400, 760).lineTo(-100, 760).close()
    return path.detach()


def _boat(canvas: skia.Canvas, x: float, y: float, tilt: float) -> None:
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(tilt)
    canvas.drawPath(easel.shape([(-3, -20), (-3, -128), (58, -34)]), fill(PAPER))
    canvas.drawPath(easel.shape([(-10, -26), (-10, -106), (-48, -34)]), fill(0xFFE9DCC6))
    canvas.drawPath(easel.shape([(-66, -22), (70, -22), (44, 14), (-44, 14)]), fill(0xFFC94F3F))
    canvas.restore()


def _gull(canvas: skia.Canvas, x: float, y: float, size: float, beat: float, colour: int) -> None:
    lift = size * 0.4 * math.sin(beat)
    wing = easel.through([(x - size, y - lift), (x - size * 0.4, y - size * 0.28), (x, y)])
    other = easel.through([(x, y), (x + size * 0.4, y - size * 0.28), (x + size, y - lift)])
    for path in (wing, other):
        canvas.drawPath(path, easel.line(colour, size * 0.13))


def dawn_sea(canvas: skia.Canvas, moment: float) -> None:
    """1280x720: the sun comes up out of a sea of cut paper, and a boat crosses it."""
    risen = eased(moment, -1.0, 6.5)
    sun_y = 560 - 300 * risen
    canvas.clear(mixed(SKY[0], 0xFF7C8FA8, 0.6 * risen))
    for ring, colour in enumerate(SKY[1:]):
        radius = (900 - 138 * ring) * (0.72 + 0.4 * risen)
        disc = skia.Path.Circle(700, sun_y, radius)
        _sheet(canvas, disc, mixed(colour, CREAM, 0.35 * risen))
    canvas.drawCircle(700, sun_y, 74, fill(0xFFFFF6DF))
    for bird in range(4):
        x = 180 + 90 * bird + moment * (42 + 5 * bird)
        y = 190 + 34 * (bird * 7 % 3) + 8 * math.sin(moment + bird)
        feathers = mixed(PAPER, PLUM, eased(moment, 0.5, 3))
        _gull(canvas, x, y, 26 - 3 * bird, moment * 5 + bird * 1.7, feathers)
    for layer, colour in enumerate(SEA):
        swell = 10 + 3.2 * layer
        phase = moment * (0.5 + 0.12 * layer) * (-1 if layer % 2 else 1) + layer * 1.9
        length = 70.0 + 17 * layer
        level = 428 + 44 * layer + 5 * math.sin(moment * 0.9 + layer)
        if layer == 4:
            x = 300 + 62 * moment
            slope = math.cos(x / length + phase) * swell / length
            _boat(canvas, x, level + swell * math.sin(x / length + phase) + 4, math.degrees(slope) * 1.4)
        _sheet(canvas, _wave(level, swell, length, phase), mixed(colour, MIST, 0.16 * risen))
    easel.lay_paper(canvas, easel.paper(1280, 720, seed=3))


def _cloth(canvas: skia.Canvas) -> None:
    canvas.clear(0xFFEFE3CC)
    for place in range(-20, 700, 80):
        canvas.drawRect(skia.Rect(place, 0, place + 40, 480), fill(easel.faded(TEAL, 0.30)))
        canvas.drawRect(skia.Rect(0, place, 640, place + 40), fill(easel.faded(TEAL, 0.30)))


def _shadowed_disc(canvas: skia.Canvas, x: float, y: float, radius: float, colour: int) -> None:
    for grow in (10, 6, 3):
        canvas.drawCircle(x + 7, y + 9, radius + grow, fill(easel.faded(INK, 0.07)))
    canvas.drawCircle(x, y, radius, fill(colour))


def _orange(canvas: skia.Canvas, x: float, y: float, radius: float, turn: float) -> None:
    _shadowed_disc(canvas, x, y, radius, 0xFFE8862E)
    canvas.drawCircle(x, y, radius * 0.9, fill(0xFFFBE3B4))
    for wedge in range(9):
        start = turn + wedge * 40 + 3
        rect = skia.Rect.MakeXYWH(x - radius * 0.83, y - radius * 0.83, radius * 1.66, radius * 1.66)
        canvas.drawArc(rect, start, 34, True, fill(0xFFF2A03A if wedge % 2 else 0xFFEE9530))
    canvas.drawCircle(x, y, radius * 0.1, fill(0xFFFBE3B4))


def _cup(canvas: skia.Canvas, x: float, y: float, turn: float, left: float) -> None:
    _shadowed_disc(canvas, x, y, 104, 0xFFF6F0E2)
    canvas.drawCircle(x, y, 86, easel.line(0xFFDDD2BC, 3))
    canvas.save()
    canvas.rotate(-35, x, y)
    canvas.drawRRect(skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(x + 58, y - 13, 44, 26), 12, 12), fill(0xFFC94F3F))
    canvas.restore()
    _shadowed_disc(canvas, x, y, 68, 0xFFC94F3F)
    canvas.drawCircle(x, y, 58, fill(0xFF8E3327))
    canvas.drawCircle(x, y + 2, 55, fill(mixed(0xFF8E4A1E, 0xFFB3692E, left)))
    for arm in range(3):
        rect = skia.Rect.MakeXYWH(x - 36 + 10 * arm, y - 34 + 10 * arm, 72 - 20 * arm, 72 - 20 * arm)
        canvas.drawArc(rect, turn + 80 * arm, 90, False, easel.line(0xFFD9A066, 3.5 - 0.6 * arm))


def _toast(canvas: skia.Canvas, x: float, y: float, bites: int) -> None:
    _shadowed_disc(canvas, x, y, 96, 0xFFF6F0E2)
    canvas.drawCircle(x, y, 78, easel.line(0xFFDDD2BC, 3))
    slice_ = skia.Path.RRect(skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(x - 52, y - 50, 104, 104), 26, 26))
    crumb = skia.Path.RRect(skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(x - 43, y - 41, 86, 86), 20, 20))
    for bite in range(bites):
        for tooth in range(-2, 3):
            hole = skia.Path.Circle(x + 66 - 15 * bite + 6 * (tooth % 2), y + 24 * tooth, 21)
            slice_, crumb = (skia.Op(part, hole, skia.kDifference_PathOp) for part in (slice_, crumb))
    canvas.drawPath(slice_, fill(0xFFB97A3C))
    canvas.drawPath(crumb, fill(0xFFF0CE86))


def breakfast(canvas: skia.Canvas, moment: float) -> None:
    """640x480, on twos at 15 frames a second: tea turns, toast goes, oranges come; nothing lies quite still."""
    pose = int(moment * 7.5)
    hand = np.random.default_rng(pose).uniform(-1.6, 1.6, (8, 2))
    _cloth(canvas)
    _cup(canvas, 208 + hand[0, 0], 190 + hand[0, 1], pose * 26, pose / 30)
    _toast(canvas, 452 + hand[1, 0], 160 + hand[1, 1], min(5, pose // 4))
    stops = ((340, 350, 50), (238, 376, 42), (448, 366, 44), (556, 306, 36), (130, 340, 34))
    for number, (x, y, radius) in enumerate(stops):
        if pose >= 2 + 3 * number:
            slide = 1 - eased(pose, 2 + 3 * number, 6 + 3 * number)
            _orange(
                canvas, x + hand[2 + number, 0], y + 220 * slide + hand[2 + number, 1], radius, pose * 9 + number * 50
            )
    for crumb in range(min(16, pose)):
        spot = np.random.default_rng(50 + crumb).uniform(0, 1, 2)
        canvas.drawCircle(390 + 150 * spot[0], 232 + 60 * spot[1], 2.4, fill(0xFF9A6430))
    canvas.drawPath(easel.through([(40, 130), (60, 90), (52, 60)]), easel.line(LEAF, 7))
    canvas.drawCircle(52, 52, 26, fill(CORAL))
    for petal in range(6):
        angle = petal * math.pi / 3 + 0.1 * hand[7, 0]
        canvas.drawCircle(52 + 24 * math.cos(angle), 52 + 24 * math.sin(angle), 13, fill(PAPER))
    canvas.drawCircle(52, 52, 13, fill(AMBER))
    light = 0.04 + 0.05 * (0.5 + 0.5 * math.sin(pose * 12.9))
    canvas.drawRect(skia.Rect(0, 0, 640, 480), fill(easel.faded(INDIGO, light)))

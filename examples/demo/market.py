"""A market at noon, cut in lino and printed in two colours, as a scan of the print."""

import math

import numpy as np
import skia

from examples.demo import easel
from examples.demo.easel import fill, line

WIDTH, HEIGHT = 1600, 1100
BLOCK, RED, SHEET = 0xFF24263F, 0xFFD95B43, 0xFFF1E7D2


def _gouge(canvas: skia.Canvas, x: float, y: float, angle: float, length: float, width: float) -> None:
    """One cut of the tool: pointed at both ends."""
    cos, sin = math.cos(angle), math.sin(angle)
    cut = skia.PathBuilder().moveTo(x, y)
    middle = (x + cos * length / 2, y + sin * length / 2)
    end = (x + cos * length, y + sin * length)
    cut.quadTo(middle[0] - sin * width, middle[1] + cos * width, *end)
    cut.quadTo(middle[0] + sin * width, middle[1] - cos * width, x, y).close()
    canvas.drawPath(cut.detach(), fill(SHEET))


def _sky(canvas: skia.Canvas, random: np.random.Generator) -> None:
    canvas.drawCircle(1180, 230, 112, fill(RED))
    for ring in range(9):
        count = 22 + 7 * ring
        for ray in range(count):
            angle = (ray + random.uniform(-0.2, 0.2)) * 2 * math.pi / count + ring * 0.13
            near = 150 + 78 * ring + random.uniform(-8, 8)
            x, y = 1180 + near * math.cos(angle), 230 + near * math.sin(angle)
            if 70 < x < 1530 and 70 < y < 470:
                _gouge(canvas, x, y, angle, 58, 9 - 0.6 * ring)


def _stall(canvas: skia.Canvas, x: float, width: float, *, red_first: bool) -> None:
    """An awning with scallops over a table."""
    stripes = 8
    step = width / stripes
    canvas.drawRect(skia.Rect(x + 14, 500, x + 28, 900), fill(SHEET))
    canvas.drawRect(skia.Rect(x + width - 28, 500, x + width - 14, 900), fill(SHEET))
    for number in range(stripes):
        colour = RED if (number % 2 == 0) == red_first else SHEET
        top = x + 40 + number * (width - 80) / stripes
        foot = x + number * step
        canvas.drawPath(
            easel.shape([(top, 410), (top + (width - 80) / stripes, 410), (foot + step, 540), (foot, 540)]),
            fill(colour),
        )
        canvas.drawArc(skia.Rect.MakeXYWH(foot, 505, step, 70), 0, 180, True, fill(colour))
        canvas.drawPath(easel.shape([(foot - 2, 540), (foot + 3, 540), (top + 2, 410), (top - 2, 410)]), fill(BLOCK))
    canvas.drawRect(skia.Rect(x - 10, 812, x + width + 10, 838), fill(SHEET))
    for plank in range(5):
        left = x + plank * width / 5
        canvas.drawRect(skia.Rect(left + 5, 846, left + width / 5 - 5, 980), fill(RED if plank % 2 else SHEET))
        for grain in range(3):
            _gouge(canvas, left + 18 + 22 * grain, 868 + 14 * grain, math.pi / 2, 80, 3)


def _fruit(canvas: skia.Canvas, x: float, y: float, radius: float, kind: int) -> None:
    canvas.drawCircle(x, y, radius + 4, fill(BLOCK))
    canvas.drawCircle(x, y, radius, fill((RED, SHEET, RED)[kind]))
    if kind == 0:
        canvas.drawArc(
            skia.Rect.MakeXYWH(x - radius * 0.7, y - radius * 0.7, radius * 1.4, radius * 1.4),
            195,
            70,
            False,
            line(SHEET, 5),
        )
    elif kind == 1:
        for slice_ in range(4):
            inset = radius * (0.2 + 0.22 * slice_)
            canvas.drawOval(skia.Rect(x - inset, y - radius, x + inset, y + radius), _outline(3))
    else:
        for angle in range(0, 360, 45):
            cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            canvas.drawLine(x, y, x + cos * radius * 0.8, y + sin * radius * 0.8, line(SHEET, 4))


def _outline(width: float) -> skia.Paint:
    return line(BLOCK, width)


def _heaps(canvas: skia.Canvas, x: float, width: float, kinds: tuple[int, ...]) -> None:
    room = width / len(kinds)
    for heap, kind in enumerate(kinds):
        radius = (27, 38, 24)[kind]
        for row in (0, 1, 2):
            for number in range(3 - row):
                across = x + heap * room + room / 2 + (number - (2 - row) / 2) * radius * 1.95
                _fruit(canvas, across, 806 - radius - row * radius * 1.66, radius, kind)


def _woman(canvas: skia.Canvas, x: float, *, red: bool) -> None:
    """Somebody with a basket, seen from behind the stalls' shade."""
    cloth, skin = (RED, SHEET) if red else (SHEET, RED)
    dress = easel.through([(x, 560), (x + 62, 640), (x + 80, 960), (x - 80, 960), (x - 62, 640)], closed=True)
    canvas.drawPath(dress, _outline(18))
    canvas.drawPath(dress, fill(cloth))
    for fold in range(-3, 4):
        canvas.drawLine(x + fold * 13, 710, x + fold * 20, 950, line(BLOCK, 4))
    canvas.drawCircle(x, 540, 58, _outline(16))
    canvas.drawCircle(x, 540, 58, fill(skin))
    scarf = skia.PathBuilder().moveTo(x - 60, 552)
    scarf.cubicTo(x - 66, 450, x + 66, 450, x + 60, 552).cubicTo(x + 30, 520, x - 30, 520, x - 60, 552).close()
    canvas.drawPath(scarf.detach(), fill(cloth))
    canvas.drawCircle(x - 18, 556, 5, fill(BLOCK))
    canvas.drawCircle(x + 18, 556, 5, fill(BLOCK))
    canvas.drawArc(skia.Rect.MakeXYWH(x - 16, 556, 32, 22), 30, 120, False, _outline(5))
    basket = skia.PathBuilder().moveTo(x - 70, 800).lineTo(x + 70, 800).lineTo(x + 50, 890).lineTo(x - 50, 890).close()
    path = basket.detach()
    canvas.drawPath(path, _outline(16))
    canvas.drawPath(path, fill(skin))
    for weave in range(5):
        canvas.drawLine(x - 62 + 3 * weave, 816 + 17 * weave, x + 62 - 3 * weave, 816 + 17 * weave, _outline(4))


def _cat(canvas: skia.Canvas, x: float, y: float) -> None:
    body = easel.through(
        [(x, y), (x - 44, y - 20), (x - 34, y - 96), (x, y - 118), (x + 34, y - 90), (x + 46, y - 12)], closed=True
    )
    tail = easel.through([(x + 36, y - 14), (x + 96, y - 20), (x + 104, y - 74), (x + 80, y - 92)])
    for path, paint in ((tail, line(SHEET, 16)), (body, fill(SHEET))):
        canvas.drawPath(path, paint)
    canvas.drawCircle(x - 2, y - 128, 32, fill(SHEET))
    for ear in (-1, 1):
        canvas.drawPath(
            easel.shape([(x - 2 + ear * 30, y - 134), (x - 2 + ear * 26, y - 176), (x - 2 + ear * 4, y - 154)]),
            fill(SHEET),
        )
        canvas.drawCircle(x - 2 + ear * 12, y - 130, 4, fill(BLOCK))
    for stripe in range(4):
        canvas.drawLine(x - 6, y - 84 + 20 * stripe, x + 34, y - 92 + 22 * stripe, _outline(5))


def market(canvas: skia.Canvas, moment: float) -> None:
    """1600x1100: the print, with its border, its worn ink and its paper."""
    random = np.random.default_rng(81)
    canvas.clear(SHEET)
    canvas.drawRect(skia.Rect(56, 56, 1544, 1044), fill(BLOCK))
    _sky(canvas, random)
    for x, width, red_first in ((110, 600, True), (830, 620, False)):
        _stall(canvas, x, width, red_first=red_first)
    _heaps(canvas, 130, 380, (0, 1))
    _heaps(canvas, 1010, 420, (2, 0))
    _woman(canvas, 640, red=False)
    _woman(canvas, 900, red=True)
    _cat(canvas, 300, 1010)
    for row in range(3):
        for cut in range(34):
            x = 80 + cut * 44 + 22 * (row % 2) + random.uniform(-6, 6)
            _gouge(canvas, x, 1000 + 16 * row, random.uniform(-0.1, 0.1), 30, 3)
    worn = easel.clouds(WIDTH, HEIGHT, size=5, seed=82, octaves=2)
    alpha = (255 * np.clip((worn - 0.79) * 6, 0, 0.8)).astype(np.uint8)
    speck = np.dstack([np.full_like(alpha, value) for value in (0xF1, 0xE7, 0xD2)] + [alpha])
    canvas.drawImage(skia.Image.fromarray(speck), 0, 0)
    easel.lay_paper(canvas, easel.paper(WIDTH, HEIGHT, seed=83, strength=0.07))

"""A child's crayon drawing of a house, and what happens when somebody wakes it up."""

import math
from functools import cache

import numpy as np
import skia

from examples.demo import easel
from examples.demo.easel import eased

WIDTH, HEIGHT = 1200, 900
RED, BROWN, GREEN, BLUE, YELLOW, BLACK, PINK = (
    0xFFD24A3C,
    0xFF8A5A34,
    0xFF5E8E4A,
    0xFF6FA3C4,
    0xFFF0B030,
    0xFF3A3438,
    0xFFE58A9A,
)


class _Hand:
    """A child's hand: every line shakes a little; another seed shakes it otherwise."""

    def __init__(self, canvas: skia.Canvas, seed: int):
        self.canvas, self.random = canvas, np.random.default_rng(seed)

    def _shaken(self, points: list[tuple[float, float]], amount: float) -> list[tuple[float, float]]:
        offsets = self.random.normal(0, amount, (len(points), 2))
        return [(x + dx, y + dy) for (x, y), (dx, dy) in zip(points, offsets, strict=True)]

    def stroke(self, points: list[tuple[float, float]], colour: int, width: float = 9) -> None:
        """A line drawn twice over, as children do."""
        for again in range(2):
            path = easel.through(self._shaken(points, 2.0 + again))
            self.canvas.drawPath(path, easel.line(easel.faded(colour, 0.85), width * (1 - 0.25 * again)))

    def outline(self, points: list[tuple[float, float]], colour: int) -> None:
        """A closed shape of straight sides."""
        for one, other in zip(points, [*points[1:], points[0]], strict=True):
            middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
            self.stroke([one, middle, other], colour)

    def scribble(self, path: skia.Path, colour: int, *, gap: float = 15, slant: float = 0.5, width: float = 11) -> None:
        """Fill a shape by going to and fro over it."""
        box = path.getBounds()
        run = box.height() * slant
        ends: list[tuple[float, float]] = []
        x = box.left() - run
        while x < box.right() + 20:
            ends += [(x, box.bottom() + 4), (x + gap / 2 + run, box.top() - 4)]
            x += gap
        self.canvas.save()
        self.canvas.clipPath(path, True)
        builder = skia.PathBuilder()
        shaken = self._shaken(ends, 4)
        builder.moveTo(*shaken[0])
        for point in shaken[1:]:
            builder.lineTo(*point)
        self.canvas.drawPath(builder.detach(), easel.line(easel.faded(colour, 0.8), width))
        self.canvas.restore()


def _ring(x: float, y: float, radius: float, turn: float = 0.0) -> list[tuple[float, float]]:
    angles = [turn + k * math.pi / 5 for k in range(11)]
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


def _sun(hand: _Hand, moment: float, awake: float) -> None:
    x, y = 180, 190 + 40 * (1 - awake)
    hand.scribble(skia.Path.Circle(x, y, 84), YELLOW, slant=0.3)
    hand.stroke(_ring(x, y, 88), YELLOW)
    for ray in range(12):
        angle = ray * math.pi / 6 + 0.5 * moment * awake
        inner, outer = 112, 160 + 16 * awake * math.sin(moment * 6 + ray * 2)
        cos, sin = math.cos(angle), math.sin(angle)
        hand.stroke([(x + inner * cos, y + inner * sin), (x + outer * cos, y + outer * sin)], YELLOW)
    lid = 12 * awake
    for eye in (-30, 30):
        hand.stroke([(x + eye - 12, y - 14), (x + eye, y - 8 - lid), (x + eye + 12, y - 14)], BLACK, 6)
    hand.stroke([(x - 36, y + 24), (x, y + 34 + 16 * awake), (x + 36, y + 24)], BLACK, 6)


def _house(hand: _Hand, moment: float, awake: float) -> None:
    top = 420 - 14 * awake * abs(math.sin(moment * math.pi * 1.6))
    wall = [(470.0, top), (800.0, top), (800.0, 740.0), (470.0, 740.0)]
    hand.scribble(easel.shape(wall), RED, gap=17, slant=0.35)
    hand.outline(wall, RED)
    roof = [(430.0, top), (635.0, top - 190), (842.0, top)]
    hand.scribble(easel.shape(roof), BROWN, gap=16, slant=0.8)
    hand.outline(roof, BROWN)
    for x in (505, 690):
        pane = [(x, top + 60.0), (x + 78.0, top + 60), (x + 78.0, top + 138), (x, top + 138.0)]
        hand.scribble(easel.shape(pane), easel.mixed(BLUE, YELLOW, awake), gap=10, slant=0.4)
        hand.outline(pane, BLACK)
        hand.stroke([(x + 39, top + 62), (x + 39, top + 136)], BLACK, 6)
        hand.stroke([(x + 2, top + 99), (x + 76, top + 99)], BLACK, 6)
    door = [(598.0, 590.0), (672.0, 590.0), (672.0, 738.0), (598.0, 738.0)]
    hand.scribble(easel.shape(door), BROWN, gap=9)
    hand.outline(door, BLACK)
    hand.outline([(720.0, top - 150), (762.0, top - 150), (762.0, top - 78), (720.0, top - 116)], BROWN)
    for puff in range(4):
        age = (moment * 0.7 + puff * 0.25) % 1 if awake else puff / 4 + 0.12
        curl = [
            (745 + 90 * age + (12 + 30 * age) * math.cos(k), top - 170 - 190 * age + (10 + 26 * age) * math.sin(k))
            for k in (0, 1.2, 2.4, 3.6, 4.8, 6.2, 7.4)
        ]
        hand.stroke(curl, easel.faded(0xFF8C8890, 1), 5)


def _tree(hand: _Hand, moment: float, awake: float) -> None:
    sway = 26 * awake * math.sin(moment * 3.2)
    hand.stroke([(1000, 745), (1004, 640), (1000 + sway / 2, 540)], BROWN, 30)
    crown = easel.through(_ring(1000 + sway, 440, 128), closed=True)
    hand.scribble(crown, GREEN, gap=13, slant=0.2)
    hand.stroke(_ring(1000 + sway, 440, 130), GREEN)
    for number, (x, y) in enumerate(((-62, -30), (20, -70), (66, 10), (-10, 40), (-80, 46))):
        fall = 330 * eased(moment, 1.4 + 0.4 * number, 2.0 + 0.4 * number) * awake * (number % 2)
        hand.scribble(skia.Path.Circle(1000 + sway * (fall < 1) + x, 440 + y + fall, 15), RED, gap=7, width=9)


def _child(hand: _Hand, moment: float, awake: float) -> None:
    hop = 46 * awake * abs(math.sin(moment * math.pi * 1.6))
    x, y = 290.0, 770 - hop
    hand.stroke(_ring(x, y - 150, 30), BLACK, 6)
    hand.stroke([(x - 10, y - 148), (x, y - 138), (x + 12, y - 150)], BLACK, 5)
    dress = [(x, y - 116), (x - 46, y - 36), (x + 46, y - 36)]
    hand.scribble(easel.shape(dress), PINK, gap=9)
    hand.outline(dress, PINK)
    wave = 30 * awake * math.sin(moment * 9)
    hand.stroke([(x + 6, y - 100), (x + 44, y - 120), (x + 72, y - 160 - wave)], BLACK, 6)
    hand.stroke([(x - 6, y - 100), (x - 50, y - 84), (x - 60, y - 130)], BLACK, 6)
    for leg in (-16, 16):
        hand.stroke([(x + leg, y - 34), (x + leg * 1.2, y + 4)], BLACK, 6)
    up = 380 * eased(moment, 1.8, 4.6) * awake
    bx, by = x - 66 + 20 * awake * math.sin(moment * 2), y - 300 - up
    hand.stroke([(x - 60, y - 130 - up), (bx + 10, by + 90), (bx, by + 52)], BLACK, 4)
    hand.scribble(skia.Path.Oval(skia.Rect.MakeXYWH(bx - 40, by - 50, 80, 100)), BLUE, gap=10)
    hand.stroke([(bx + 40 * math.cos(k), by + 50 * math.sin(k)) for k in np.linspace(0, 6.5, 9)], BLUE, 7)


@cache
def _tooth() -> skia.Image:
    """Where the paper takes crayon and where it does not: a mask in the alpha channel."""
    grain = easel.clouds(WIDTH, HEIGHT, size=4, seed=21, octaves=2) + 0.25 * easel.clouds(
        WIDTH, HEIGHT, size=80, seed=22
    )
    alpha = (255 * np.clip((grain - 0.34) * 4.5, 0.06, 1)).astype(np.uint8)
    return skia.Image.fromarray(np.dstack([alpha * 0, alpha * 0, alpha * 0, alpha]))


def _draw(canvas: skia.Canvas, moment: float, awake: float, seed: int) -> None:
    canvas.clear(0xFFF5EFE2)
    canvas.saveLayer()
    hand = _Hand(canvas, seed)
    hand.scribble(easel.shape([(0, 0), (1200, 0), (1200, 96), (0, 70)]), BLUE, gap=24, slant=1.4, width=15)
    hand.scribble(easel.shape([(0, 748), (1200, 736), (1200, 900), (0, 900)]), GREEN, gap=22, slant=0.3, width=16)
    _sun(hand, moment, awake)
    _house(hand, moment, awake)
    _tree(hand, moment, awake)
    _child(hand, moment, awake)
    canvas.drawImage(_tooth(), 0, 0, skia.SamplingOptions(), skia.Paint(BlendMode=skia.BlendMode.kDstIn))
    canvas.restore()
    easel.lay_paper(canvas, easel.paper(WIDTH, HEIGHT, seed=23, strength=0.1))


def crayon_house(canvas: skia.Canvas, moment: float) -> None:
    """1200x900: the drawing as it was given."""
    _draw(canvas, 0.0, 0.0, 1)


def crayon_house_wakes(canvas: skia.Canvas, moment: float) -> None:
    """960x720, drawn anew eight times a second: it opens its eyes, and then everything dances."""
    canvas.scale(0.8, 0.8)
    _draw(canvas, moment, eased(moment, 0.3, 1.1), 1 + int(moment * 8) % 5)

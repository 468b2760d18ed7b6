"""A screen capture: the crowd's own chat, in which somebody asks everybody what they see."""

from dataclasses import dataclass
from functools import cache

import skia

from crowdcut.orders import Style
from examples.demo import easel
from examples.demo.easel import AMBER, CORAL, INDIGO, LEAF, PLUM, TEAL, eased, fill, landed
from renderers.lettering.fonts import Shelf
from renderers.lettering.typeset import SetWords, Typesetter

WIDTH, HEIGHT = 1280, 800


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    at: float
    """Seconds from the start at which it lands."""
    who: str
    clock: str
    words: str
    colour: int
    mine: bool = False


TALK = (
    _Message(
        at=0.2, who="Mara", clock="12:00", words="What is outside your window right now?", colour=CORAL, mine=True
    ),
    _Message(at=0.7, who="Ελένη", clock="13:00", words="Η θάλασσα. Πάντα η θάλασσα.", colour=TEAL),
    _Message(at=1.15, who="小林", clock="20:01", words="雨と、最後の路面電車。", colour=PLUM),
    _Message(at=1.6, who="ليلى", clock="14:01", words="غسيل الجيران يرقص في الريح", colour=AMBER),
    _Message(at=2.05, who="Олеся", clock="13:02", words="Перший сніг, якого ніхто не чекав", colour=INDIGO),
    _Message(at=2.5, who="आरव", clock="16:32", words="एक पतंग जो उतरना नहीं चाहती", colour=LEAF),
)
"""What the crowd says: the sea, always the sea; rain and the last tram; the neighbours' washing dancing in the wind;
the first snow, that nobody expected; a kite that does not want to come down."""

_PITCH = 104


@cache
def _typesetter() -> Typesetter:
    return Typesetter(shelf=Shelf(), height=HEIGHT)


@cache
def _set(words: str, pixels: int, weight: int, colour: str) -> SetWords:
    style = Style(family=("Noto Sans",), weight=weight, size=pixels / HEIGHT, colour=colour)
    return _typesetter().words(words, style)


def _bubble(canvas: skia.Canvas, message: _Message, y: float, grown: float) -> None:
    said = _set(message.words, 25, 400, "#fdf8ee" if message.mine else "#2a2530")
    name = _set(message.who, 16, 600, f"#{message.colour & 0xFFFFFF:06x}")
    clock = _set(message.clock, 15, 400, "#a49a90")
    width = max(said.width + 48, 150)
    left = WIDTH - 60 - width if message.mine else 420.0
    canvas.save()
    corner = left + width if message.mine else left
    canvas.translate(corner, y + 78)
    canvas.scale(grown, grown)
    canvas.translate(-corner, -y - 78)
    box = skia.Rect.MakeXYWH(left, y + 24, width, 54)
    colour = message.colour if message.mine else 0xFFFFFFFF
    canvas.drawRRect(skia.RRect.MakeRectXY(box.makeOffset(0, 3), 18, 18), fill(0x14000000))
    canvas.drawRRect(skia.RRect.MakeRectXY(box, 18, 18), fill(colour))
    said.draw(canvas, left + 24, y + 24 + (54 - said.height) / 2)
    name.draw(canvas, left + 4, y)
    clock.draw(canvas, left + 14 + name.width, y + 1)
    if not message.mine:
        canvas.drawCircle(384, y + 52, 24, fill(message.colour))
        letter = _set(message.who[0], 22, 600, "#fdf8ee")
        letter.draw(canvas, 384 - letter.width / 2, y + 52 - letter.height / 2)
    canvas.restore()


def _typing(canvas: skia.Canvas, y: float, moment: float) -> None:
    canvas.drawRRect(skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(420, y + 30, 84, 42), 18, 18), fill(0xFFFFFFFF))
    for dot in range(3):
        lift = 5 * max(0.0, 1 - abs((moment * 2.4 - dot * 0.16) % 1.0 - 0.3) * 5)
        canvas.drawCircle(444 + 18 * dot, y + 51 - lift, 4.5, fill(0xFFB4AAA0))


def _window(canvas: skia.Canvas, moment: float) -> None:
    canvas.clear(0xFFE9E2D6)
    canvas.drawRect(skia.Rect(0, 0, 330, HEIGHT), fill(0xFF2B2D44))
    canvas.drawRect(skia.Rect(330, 0, WIDTH, 76), fill(0xFFF6F1E8))
    canvas.drawRect(skia.Rect(330, 75, WIDTH, 76), fill(0xFFD8CFC0))
    for light, colour in enumerate((CORAL, AMBER, LEAF)):
        canvas.drawCircle(34 + 26 * light, 36, 8, fill(colour))
    _set("# windows", 27, 600, "#2a2530").draw(canvas, 366, 18)
    for row, room in enumerate(("dawn", "windows", "rain", "lullabies", "credits")):
        y = 92 + 58 * row
        if room == "windows":
            canvas.drawRRect(skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(18, y, 294, 46), 10, 10), fill(0xFF444866))
        _set(f"# {room}", 22, 600 if room == "windows" else 400, "#f6eee2" if room == "windows" else "#9a9db8").draw(
            canvas, 40, y + 8
        )
    for number, message in enumerate(TALK):
        seen = eased(moment, message.at - 0.4, message.at)
        canvas.drawCircle(52 + 44 * (number % 6), 748, 17, fill(message.colour))
        canvas.drawCircle(64 + 44 * (number % 6), 760, 6.5 * seen, fill(0xFF7FC08A))


def _pointer(canvas: skia.Canvas, moment: float) -> None:
    path = eased(moment, 0.2, 1.6)
    x, y = 1120 - 210 * path, 470 + 230 * path - 90 * path * (1 - path) * 4
    arrow = [(0, 0), (0, 30), (7, 24), (12, 35), (17, 33), (12, 22), (21, 22)]
    outline = easel.shape([(x + dx, y + dy) for dx, dy in arrow])
    canvas.drawPath(outline, easel.line(0xFFFFFFFF, 3.5))
    canvas.drawPath(outline, fill(0xFF1A1A20))


def chat(canvas: skia.Canvas, moment: float) -> None:
    """1280x800: messages land one after another, in six scripts."""
    _window(canvas, moment)
    for number, message in enumerate(TALK):
        grown = landed(moment, message.at, message.at + 0.3)
        if moment >= message.at:
            _bubble(canvas, message, 104 + _PITCH * number, max(0.01, grown))
        elif moment >= message.at - 0.45 and not message.mine:
            _typing(canvas, 104 + _PITCH * number, moment)
    box = skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(366, 738, WIDTH - 426, 46), 14, 14)
    canvas.drawRRect(box, fill(0xFFF9F5EC))
    _set("Write to # windows", 20, 400, "#a49a90").draw(canvas, 390, 747)
    if int(moment * 2) % 2 == 0:
        canvas.drawRect(skia.Rect(384, 748, 386, 774), fill(0xFF6A6470))
    _pointer(canvas, moment)

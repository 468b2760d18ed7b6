"""The title card: a short rule grows, the title rises into place, what stands under it follows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import skia

from crowdcut.orders import Card, Raster
from crowdcut.words import is_blank, one_line
from renderers.cards.motion import eased, part, settled
from renderers.lettering.drawing import (
    TITLE_SAFE_MARGIN,
    Pixels,
    blank,
    canvas_on,
    even,
    filled,
    ground,
    ground_patch,
    image_of,
    opaque_patch,
)
from renderers.lettering.typeset import Align, SetWords, Typesetter, reading_side, too_long
from renderers.patch import Drawn

_LEFT, _ROOM = 0.1, 0.8
"""Where words begin and how far they may reach, as parts of the raster's width."""
_LONGEST_ENTRANCE = 36
"""Frames, however long the card is."""
_SHORTEST_MOVING = 12
"""Frames of a card that moves at all: on a shorter one the words stand from the first frame."""
_OPTICAL_CENTRE = 0.47


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Words drawn once, to be moved and faded."""

    image: skia.Image
    x: float
    y: float
    """Pixels from the picture's top left corner, at rest."""
    enters: float
    """Part of the entrance that has passed when it begins to show."""


def _piece(words: SetWords, x: float, y: float, enters: float) -> _Piece:
    # Deep scripts and swashes reach beyond their line: half an em of room on all sides.
    room = round(words.size / 2)
    pixels = blank(int(words.measure) + 2 * room + 1, int(words.height) + 2 * room + 1)
    with canvas_on(pixels) as canvas:
        words.draw(canvas, room, room)
    return _Piece(image=image_of(pixels), x=round(x) - room, y=round(y) - room, enters=enters)


def _set_words(card: Card, raster: Raster, typesetter: Typesetter) -> tuple[list[SetWords], Align]:
    """The lines, and the side from which they are read."""
    lines = [line for line in map(one_line, card.words) if not is_blank(line)]
    side = reading_side(lines[:1])
    uses = ["title", *["subtitle"] * len(lines)]
    return [
        typesetter.fitted(line, card.styles[use], _ROOM * raster.width, most_lines=4, align=side)
        for line, use in zip(lines, uses, strict=False)
    ], side


class _Title:
    """A title card at work: the ground stands, a band of it is drawn anew while something moves."""

    def __init__(self, card: Card, raster: Raster, typesetter: Typesetter):
        self.card = card
        self.width, self.height = raster.width, raster.height
        self.colours = (card.palette["background"], card.palette["background_low"])
        self.entrance = min(_LONGEST_ENTRANCE, card.frames / 3) if card.frames >= _SHORTEST_MOVING else 0
        em = raster.height * card.styles["title"].size
        self.travel, self.rule_width, self.rule_height = 0.22 * em, 0.07 * raster.width, max(2, round(0.045 * em))
        words, side = _set_words(card, raster, typesetter)
        self.right = side == "right"
        gaps = [0.42 * em, *[0.28 * em] * len(words)]
        total = self.rule_height + sum(line.height + gap for line, gap in zip(words, gaps, strict=False))
        if total > raster.height * (1 - 2 * TITLE_SAFE_MARGIN):
            raise too_long(" ".join(card.words))
        self.rule_y = round((raster.height - total) * _OPTICAL_CENTRE)
        self.pieces, down = [], float(self.rule_y + self.rule_height)
        for number, (line, gap) in enumerate(zip(words, gaps, strict=False)):
            x = _LEFT * raster.width + (_ROOM * raster.width - line.measure if self.right else 0)
            self.pieces.append(_piece(line, x, down + gap, enters=0.2 + 0.2 * min(number, 2)))
            down += gap + line.height
        room = 0.7 * em
        self.top, self.bottom = max(0, even(self.rule_y - room)), min(raster.height, even(down + room))
        self.at_rest: Drawn | None = None

    def band(self, age: int) -> Pixels:
        """The moving band of the picture at an age in frames."""
        pixels = np.array(ground(self.width, self.height, self.colours)[self.top : self.bottom])
        grown = settled(part(age, 0, 0.6 * self.entrance)) * self.rule_width
        left = (1 - _LEFT) * self.width - grown if self.right else _LEFT * self.width
        with canvas_on(pixels) as canvas:
            canvas.translate(0, -self.top)
            rule = skia.Rect.MakeXYWH(left, self.rule_y, grown, self.rule_height)
            canvas.drawRect(rule, filled(self.card.palette["accent"]))
            for piece in self.pieces:
                way = part(age, piece.enters * self.entrance, (piece.enters + 0.4) * self.entrance)
                y = piece.y + (1 - settled(way)) * self.travel
                paint = skia.Paint(Alphaf=eased(way))
                canvas.drawImage(piece.image, piece.x, y, skia.SamplingOptions(skia.FilterMode.kLinear), paint)
        return pixels

    def picture_at(self, age: int) -> Drawn:
        if age >= self.entrance and self.at_rest is not None:
            return self.at_rest
        band = opaque_patch(self.band(age), y=self.top)
        drawn = Drawn(patches=(ground_patch(self.width, self.height, self.colours), band))
        if age >= self.entrance:
            self.at_rest = drawn
        return drawn


def title(card: Card, raster: Raster, typesetter: Typesetter) -> Callable[[int], Drawn]:
    """Words: the title, and lines under it. They come in a third of the card at most, then all is still."""
    return _Title(card, raster, typesetter).picture_at

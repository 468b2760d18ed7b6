"""Crowdcut's ident: many small pieces fly together and become one frame."""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin
from random import Random

import numpy as np
import skia

from crowdcut.orders import Card, Raster
from crowdcut.words import is_blank, one_line
from renderers.cards.motion import eased, part, settled
from renderers.lettering.drawing import blank, canvas_on, channels, ground, image_of, opaque_patch
from renderers.lettering.typeset import Typesetter
from renderers.patch import Drawn

_COLUMNS, _ROWS = 12, 7
_MARK_HEIGHT = 0.34
"""Of the raster's height; the mark is 16:9."""
_GAP = 0.2
"""Between pieces before they join, as a part of a piece."""

# Parts of the card's length: the last piece is in place, the gaps are closed, the words are there.
_LANDED, _JOINED, _SPOKEN = 0.52, 0.66, 0.86


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tile:
    """One piece. Places are in units of the mark's height from its centre."""

    x: float
    y: float
    from_x: float
    from_y: float
    turn: float
    """Degrees, when it sets out."""
    leaves: float
    """Part of the flight time that passes before it sets out."""
    colour: tuple[int, int, int]
    """sRGB."""


def _mixed(one: str, other: str, way: float) -> np.ndarray:
    first, second = np.array(channels(one)[:3], float), np.array(channels(other)[:3], float)
    return first + (second - first) * way


def _tile(column: int, row: int, palette: dict[str, str], chance: Random) -> _Tile:
    """A piece of a small landscape: teal sky, amber light, dark ground; each piece of its own shade."""
    across, down = (column + 0.5) / _COLUMNS, (row + 0.5) / _ROWS
    light = max(0.0, 1 - ((across - 0.62) ** 2 * 5 + (down - 0.62) ** 2 * 7))
    sky = _mixed(palette["background"], palette["accent_two"], 0.45 + 0.6 * down)
    base = sky + (_mixed(palette["accent"], palette["ink"], 0.8 if light > 0.9 else 0.0) - sky) * light
    if down > 0.7:
        base = base * 0.5
    shade = 0.88 + 0.24 * chance.random()
    angle, far = 2 * pi * chance.random(), 1.1 + 0.9 * chance.random()
    return _Tile(
        x=(across - 0.5) * 16 / 9,
        y=down - 0.5,
        from_x=(across - 0.5) * 16 / 9 * 1.6 + far * 1.5 * cos(angle),
        from_y=(down - 0.5) * 1.6 + far * sin(angle),
        turn=240 * (chance.random() - 0.5),
        leaves=0.45 * chance.random(),
        colour=tuple(int(value) for value in np.clip(base * shade, 0, 255)),  # type: ignore[arg-type]
    )


class _Ident:
    """The ident at work."""

    def __init__(self, card: Card, raster: Raster, typesetter: Typesetter):
        self.width, self.height, self.last = raster.width, raster.height, max(1, card.frames - 1)
        self.ground = ground(raster.width, raster.height, (card.palette["background"], card.palette["background_low"]))
        chance = Random(20)
        places = [(column, row) for row in range(_ROWS) for column in range(_COLUMNS)]
        self.tiles = [_tile(column, row, card.palette, chance) for column, row in places]
        said = [line for line in map(one_line, card.words) if not is_blank(line)]
        words = typesetter.fitted(
            said[0] if said else "CROWDCUT", card.styles["ident"], 0.86 * raster.width, most_lines=1
        )
        self.words_top = 0.695 * raster.height
        pixels = blank(raster.width, int(2 * words.height))
        with canvas_on(pixels) as canvas:
            words.draw(canvas, round((raster.width - words.width) / 2), words.size / 2)
        self.words = image_of(pixels)
        self.size = words.size
        self.at_rest: Drawn | None = None

    def _paint_tile(self, canvas: skia.Canvas, tile: _Tile, way: float, joined: float) -> None:
        flown = settled(part(way / _LANDED, tile.leaves, tile.leaves + 0.55))
        unit = _MARK_HEIGHT * self.height
        x = tile.from_x + (tile.x - tile.from_x) * flown
        y = tile.from_y + (tile.y - tile.from_y) * flown
        gap = _GAP * (1 - joined)
        # A hair more than a piece: edges that only meet would let the ground through.
        wide = unit * 16 / 9 / _COLUMNS * (1 - gap) + 0.6 * joined
        tall = unit / _ROWS * (1 - gap) + 0.6 * joined
        canvas.save()
        canvas.translate(self.width / 2 + x * unit, 0.43 * self.height + y * unit)
        canvas.rotate((1 - flown) * tile.turn)
        paint = skia.Paint(AntiAlias=True, Color=skia.ColorSetRGB(*tile.colour), Alphaf=eased(min(1.0, 2.5 * flown)))
        canvas.drawRect(skia.Rect.MakeXYWH(-wide / 2, -tall / 2, wide, tall), paint)
        canvas.restore()

    def draw(self, age: int) -> Drawn:
        way = age / self.last
        joined = eased(part(way, _LANDED, _JOINED))
        pixels = np.array(self.ground)
        with canvas_on(pixels) as canvas:
            for tile in self.tiles:
                self._paint_tile(canvas, tile, way, joined)
            shown = part(way, _JOINED - 0.04, _SPOKEN)
            if shown > 0:
                y = self.words_top + (1 - settled(shown)) * 0.4 * self.size - self.size / 2
                sampling = skia.SamplingOptions(skia.FilterMode.kLinear)
                canvas.drawImage(self.words, 0, y if shown < 1 else round(y), sampling, skia.Paint(Alphaf=eased(shown)))
        return Drawn(patches=(opaque_patch(pixels),))

    def picture_at(self, age: int) -> Drawn:
        if age < _SPOKEN * self.last:
            return self.draw(age)
        self.at_rest = self.at_rest or self.draw(self.last)
        return self.at_rest


def ident(card: Card, raster: Raster, typesetter: Typesetter) -> Callable[[int], Drawn]:
    """Words: one line under the mark; without it, Crowdcut's own name."""
    return _Ident(card, raster, typesetter).picture_at

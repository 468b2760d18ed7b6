"""The slate: a labelled card that stands for what is still missing."""

from collections.abc import Callable
from dataclasses import replace

import skia

from crowdcut.orders import Card, Raster
from crowdcut.words import is_blank, one_line
from renderers.lettering.drawing import TITLE_SAFE_MARGIN, blank, canvas_on, cropped_patch, filled, ground_patch
from renderers.lettering.typeset import SetWords, Typesetter, too_long
from renderers.patch import Drawn

_LEFT, _ROOM = 0.1, 0.8
"""Where words begin and how far they may reach, as parts of the raster's width."""


def _hatch(canvas: skia.Canvas, area: skia.Rect, colour: str) -> None:
    """Diagonal stripes: nobody takes this for a finished shot."""
    stripe = area.height()
    canvas.save()
    canvas.clipRect(area, doAntiAlias=True)
    x = area.left() - 2 * stripe
    while x < area.right() + stripe:
        path = skia.Path()
        path.addPoly(
            [
                skia.Point(x, area.bottom()),
                skia.Point(x + stripe, area.top()),
                skia.Point(x + 2 * stripe, area.top()),
                skia.Point(x + stripe, area.bottom()),
            ],
            True,
        )
        canvas.drawPath(path, filled(colour))
        x += 2 * stripe
    canvas.restore()


def _set_words(
    card: Card, label: str, lines: tuple[str, ...], width: int, typesetter: Typesetter
) -> tuple[SetWords, list[SetWords]]:
    """The label, and the lines under it, biggest first."""
    on_accent = replace(card.styles["byline"], colour=card.palette["background_low"], weight=700)
    tag = typesetter.fitted(label.upper(), on_accent, 0.3 * width, most_lines=1)
    uses = ("slate", *["subtitle"] * len(lines))
    return tag, [
        typesetter.fitted(line, card.styles[use], _ROOM * width, most_lines=4)
        for line, use in zip(lines, uses, strict=False)
        if not is_blank(line)
    ]


def slate(card: Card, raster: Raster, typesetter: Typesetter) -> Callable[[int], Drawn]:
    """Words: what is missing, what is to be known about it, and the label; ``placeholder`` has alarm's colour."""
    *lines, label = map(one_line, card.words if len(card.words) > 2 else (*card.words, "slate"))
    accent = card.palette["alarm" if label.casefold() == "placeholder" else "accent"]
    width, height = raster.width, raster.height
    tag, lines = _set_words(card, label, tuple(lines), width, typesetter)
    gap = 0.6 * tag.height
    total = 1.5 * tag.height + sum(line.height + gap for line in lines)
    if total > 0.8 * height:
        raise too_long(" ".join(card.words))
    y = round((height - total) / 2)
    pixels = blank(width, height)
    with canvas_on(pixels) as canvas:
        margin, band = TITLE_SAFE_MARGIN, 0.035 * height
        for top in (margin * height, (1 - margin) * height - band):
            _hatch(canvas, skia.Rect.MakeXYWH(margin * width, top, (1 - 2 * margin) * width, band), accent)
        left = _LEFT * width
        canvas.drawRect(skia.Rect.MakeXYWH(left, y, tag.width + 1.2 * tag.size, 1.5 * tag.height), filled(accent))
        tag.draw(canvas, left + 0.6 * tag.size, y + 0.25 * tag.height)
        down = y + 1.5 * tag.height + gap
        for line in lines:
            line.draw(canvas, left, round(down))
            down += line.height + gap
    words = cropped_patch(pixels)
    colours = (card.palette["background"], card.palette["background_low"])
    still = Drawn(patches=(ground_patch(width, height, colours), *((words,) if words else ())))
    return lambda _: still

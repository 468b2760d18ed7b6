"""The words of a page of a disc's menu, and the rule over its title."""

from collections.abc import Iterator
from itertools import repeat

import skia

from crowdcut.orders import MenuPage
from renderers.lettering.drawing import blank, canvas_on, cropped_patch, filled
from renderers.lettering.fonts import shelf_for
from renderers.lettering.menu_words import set_menu_words
from renderers.lettering.typeset import Typesetter
from renderers.patch import Drawn
from renderers.sources import Setting

_OUTLINE = 2
"""Pixels: an even number of lines on even lines, as each field must have its part of it."""


def _drawn(page: MenuPage, setting: Setting) -> Drawn:
    pixels = blank(setting.raster.width, setting.raster.height)
    typesetter = Typesetter(shelf=shelf_for(setting.inputs), height=setting.raster.height)
    with canvas_on(pixels) as canvas:
        if page.rule is not None:
            rule = page.rule
            canvas.drawRect(skia.Rect.MakeXYWH(rule.x, rule.y, rule.width, rule.height), filled(page.accent))
        for box in page.outlined:
            outline = skia.Rect.MakeXYWH(box.x + 1, box.y + 1, box.width - 2, box.height - 2)
            paint = filled(page.outline)
            paint.setStyle(skia.Paint.kStroke_Style)
            paint.setStrokeWidth(_OUTLINE)
            canvas.drawRect(outline, paint)
        for words in page.words:
            placed = set_menu_words(words, typesetter)
            placed.words.draw(canvas, placed.x, placed.y)
    patch = cropped_patch(pixels)
    return Drawn(patches=(patch,) if patch else ())


def frames(source: MenuPage, setting: Setting) -> Iterator[Drawn]:
    """One picture that stands; what lies below may move."""
    yield from repeat(_drawn(source, setting), setting.count)

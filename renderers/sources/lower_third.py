"""Who made what you see: words on a plate with an accent bar, lower left inside title-safe."""

from collections.abc import Iterator
from itertools import repeat

import skia

from crowdcut.orders import LowerThird
from crowdcut.words import is_blank, one_line
from renderers.lettering.drawing import TITLE_SAFE_MARGIN, blank, canvas_on, cropped_patch, even, filled
from renderers.lettering.fonts import shelf_for
from renderers.lettering.typeset import SetWords, Typesetter
from renderers.patch import Drawn
from renderers.sources import Setting

_WIDEST = 0.72
"""Part of the raster's width that words take at most: the rest of the picture stays free."""


def _set_lines(source: LowerThird, setting: Setting, width: float) -> list[SetWords]:
    typesetter = Typesetter(shelf=shelf_for(setting.inputs), height=setting.raster.height)
    lines = [line for line in map(one_line, source.lines) if not is_blank(line)]
    styles = [source.style, *repeat(source.second_style, len(lines))]
    return [typesetter.fitted(line, style, width, most_lines=3) for line, style in zip(lines, styles, strict=False)]


def _drawn(source: LowerThird, setting: Setting) -> Drawn:
    width, height = setting.raster.width, setting.raster.height
    lines = _set_lines(source, setting, _WIDEST * width)
    if not lines:
        return Drawn(patches=())
    em = source.style.size * height
    bar, side, above = even(0.17 * em) or 2, 0.6 * em, 0.32 * em
    plate_width = even(bar + 2 * side + max(line.width for line in lines))
    plate_height = even(2 * above + sum(line.height for line in lines))
    left = even(width * TITLE_SAFE_MARGIN + 1)
    top = even(height * (1 - TITLE_SAFE_MARGIN) - 1) - plate_height
    pixels = blank(width, height)
    with canvas_on(pixels) as canvas:
        canvas.drawRect(skia.Rect.MakeXYWH(left, top, plate_width, plate_height), filled(source.plate))
        canvas.drawRect(skia.Rect.MakeXYWH(left, top, bar, plate_height), filled(source.accent))
        down = top + above
        for line in lines:
            line.draw(canvas, left + bar + side, down)
            down += line.height
    patch = cropped_patch(pixels)
    return Drawn(patches=(patch,) if patch else ())


def frames(source: LowerThird, setting: Setting) -> Iterator[Drawn]:
    """One still patch; the compositor lets it come and go."""
    yield from repeat(_drawn(source, setting), setting.count)

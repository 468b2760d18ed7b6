"""The credit roll: a window of the strip is drawn and converted once, and every frame is a slice of it."""

from collections.abc import Iterator

import numpy as np
import skia

from crowdcut.orders import Roll, RollLine
from crowdcut.words import one_line
from renderers.lettering.drawing import TITLE_SAFE_MARGIN, Pixels, canvas_on, channels, ground_patch, opaque_patch
from renderers.lettering.fonts import shelf_for
from renderers.lettering.typeset import Typesetter
from renderers.patch import Drawn, Patch, Plane, patch_from_premultiplied
from renderers.sources import Setting

_GUTTER = 0.02
"""Space between cells, as a part of the raster's width."""
_OVERHANG = 0.25
"""Part of a row's height that marks and deep scripts may reach beyond it; a pile of marks ends there."""


def _paint_line(canvas: skia.Canvas, line: RollLine, roll: Roll, typesetter: Typesetter, width: int) -> None:
    style = roll.styles[f"roll_{line.style}"]
    margin, gutter = width * TITLE_SAFE_MARGIN, width * _GUTTER
    cell = (width - 2 * margin) / len(line.cells)
    for number, text in enumerate(line.cells):
        if not text:
            continue
        left = margin + number * cell
        words = typesetter.line(one_line(text), style, cell - gutter)
        free = {"left": 0.0, "centre": (cell - words.width) / 2, "right": cell - words.width}[style.align]
        canvas.save()
        over = _OVERHANG * line.height
        canvas.clipRect(skia.Rect.MakeLTRB(left, line.top - over, left + cell, line.top + line.height + over))
        words.draw(canvas, left + free, line.top + round((line.height - words.height) / 2))
        canvas.restore()


def _strip(roll: Roll, typesetter: Typesetter, width: int, top: int, height: int) -> Pixels:
    """The roll's rows from ``top`` on: over its background if that is one colour, else clear."""
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[:] = channels(roll.background[0]) if len(roll.background) == 1 else (0, 0, 0, 0)
    with canvas_on(pixels) as canvas:
        canvas.translate(0, -top)
        for line in roll.lines:
            if line.top - line.height < top + height and line.top + 2 * line.height > top:
                _paint_line(canvas, line, roll, typesetter, width)
    return pixels


def _rows(plane: Plane | None, top: int, height: int) -> Plane | None:
    return None if plane is None else plane[top : top + height]


def _sliced(strip: Patch, top: int, height: int) -> Patch:
    """The rows of ``strip`` from ``top`` (even) on; no copy."""
    return Patch(
        x=0,
        y=0,
        luma=strip.luma[top : top + height],
        cb=strip.cb[top // 2 : (top + height) // 2],
        cr=strip.cr[top // 2 : (top + height) // 2],
        alpha=_rows(strip.alpha, top, height),
        alpha_chroma=_rows(strip.alpha_chroma, top // 2, height // 2),
    )


def frames(source: Roll, setting: Setting) -> Iterator[Drawn]:
    """At layer frame n the roll's row ``n * step - raster height`` is at the top of the picture."""
    width, height = setting.raster.width, setting.raster.height
    typesetter = Typesetter(shelf=shelf_for(setting.inputs), height=height)
    tops = [age * source.step - height for age in range(setting.age_frames, setting.age_frames + setting.count)]
    one_colour = len(source.background) == 1
    converted = opaque_patch if one_colour else patch_from_premultiplied
    ground = () if one_colour else (ground_patch(width, height, source.background),)
    first = tops[0]
    # Two more rows: the strip for odd tops begins a row later and must have an even number of them.
    rows = tops[-1] - first + height + 2
    pixels = _strip(source, typesetter, width, first, rows)
    # Chroma has a row for each two: where steps are odd, every other frame pairs the rows differently.
    parities = {(top - first) % 2 for top in tops}
    strips = {parity: converted(pixels[parity : parity + (rows - parity) // 2 * 2]) for parity in parities}
    for top in tops:
        parity = (top - first) % 2
        yield Drawn(patches=(*ground, _sliced(strips[parity], top - first - parity, height)))

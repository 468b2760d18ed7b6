"""Captions as pictures of four codes: clear, letter, edge and outline, in the stored pixels of a disc's raster."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from crowdcut.disc.caption_orders import CaptionsOrder
from crowdcut.disc.palette import EDGE, LETTER, OUTLINE
from renderers.disc.caption_setting import SetCaption, Setter
from renderers.lettering.drawing import blank, canvas_on
from renderers.lettering.typeset import SetWords

Codes = NDArray[np.uint8]
Coverage = NDArray[np.float32]

_FINER = 3
"""Pixels that each is drawn at, across and down, before it is reduced to a code."""
_SOLID, _TOUCHED = 0.62, 0.22
"""Parts of a pixel from which on it is letter, and from which on the letter's edge."""
_OUTLINED = 0.5
_OUTLINE_LINES = 2
"""Of outline above and below a letter, at least."""
_INTERLACED = np.array([0.25, 0.5, 0.25], np.float32)
"""Over three lines: a stroke one line thin would be seen in every other field alone, and flicker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionPicture:
    """A caption on a disc's raster, cropped: even places and sizes, so that its first line is of the top field."""

    x: int
    y: int
    codes: Codes
    """(height, width), pixel codes 0..3."""


def _coverages(rows: Sequence[SetWords], order: CaptionsOrder, outline: float) -> tuple[Coverage, Coverage, int]:
    """How much of each stored pixel is letter and how much outline, over the raster's width, and the lines above the
    block that they begin."""
    room = int(np.ceil(outline)) + int(max(row.size for row in rows))  # marks may reach above a line, and below
    height = int(np.ceil(sum(row.height for row in rows))) + 2 * room
    pixels = blank(order.canvas_width * _FINER, height * _FINER)
    with canvas_on(pixels) as canvas:
        canvas.scale(_FINER, _FINER)
        down = float(room)
        for row in rows:
            row.draw(canvas, (order.canvas_width - row.measure) / 2, down)
            down += row.height
    letters = pixels[..., 3]
    distance = cv2.distanceTransform(np.where(letters > 127, 0, 255).astype(np.uint8), cv2.DIST_L2, 5)
    around = np.clip(outline * _FINER - distance + 0.5, 0, 1).astype(np.float32)
    size = (order.width, height)
    fill, edge = (
        cv2.resize(fine, size, interpolation=cv2.INTER_AREA) for fine in (letters.astype(np.float32) / 255, around)
    )
    return fill.astype(np.float32), edge.astype(np.float32), room


def _two_lines_high(lit: NDArray[np.bool_], soft: Coverage) -> NDArray[np.bool_]:
    """``lit``, and beside what is one line high the line above or below that has more of the letter."""
    above, below = np.zeros_like(lit), np.zeros_like(lit)
    above[1:], below[:-1] = lit[:-1], lit[1:]
    lone = lit & ~above & ~below
    up = lone[1:-1] & (soft[:-2] > soft[2:])
    thick = lit.copy()
    thick[:-2] |= up
    thick[2:] |= lone[1:-1] & ~up
    return thick


def _codes(fill: Coverage, around: Coverage) -> Codes:
    """Each pixel's code."""
    soft = cv2.sepFilter2D(fill, -1, np.ones(1, np.float32), _INTERLACED, borderType=cv2.BORDER_CONSTANT)
    lit = _two_lines_high(soft >= _TOUCHED, soft.astype(np.float32))
    outlined = cv2.dilate(lit.astype(np.uint8), np.ones((2 * _OUTLINE_LINES + 1, 1), np.uint8)) > 0
    codes = np.where(outlined | (around >= _OUTLINED), OUTLINE, 0).astype(np.uint8)
    codes[lit] = EDGE
    codes[soft >= _SOLID] = LETTER
    return codes


def _place(rows: Sequence[SetWords], order: CaptionsOrder, setter: Setter, *, top: bool) -> tuple[Codes, int]:
    """A block's codes over the raster's width, and the line that the first is on. Its words keep their distance from
    the edge, whatever letters they have, unless these would leave the safe area."""
    fill, around, room = _coverages(rows, order, setter.outline)
    codes = _codes(fill, around)
    safe = order.style.margin * order.height
    block = codes.shape[0] - 2 * room
    first = round(safe + setter.outline if top else order.height - safe - setter.outline - block) - room
    drawn = np.flatnonzero(codes.any(axis=1))
    above = int(np.ceil(safe)) - (first + int(drawn[0]))
    below = first + int(drawn[-1]) + 1 - int(order.height - safe)
    return codes, first + max(0, above) - max(0, below)


def _cropped(codes: Codes) -> CaptionPicture:
    rows, columns = (np.flatnonzero(codes.any(axis=axis)) for axis in (1, 0))
    top, left = int(rows[0]) & ~1, int(columns[0]) & ~1
    bottom, right = (int(rows[-1]) + 2) & ~1, (int(columns[-1]) + 2) & ~1
    return CaptionPicture(x=left, y=top, codes=np.ascontiguousarray(codes[top:bottom, left:right]))


def picture_of(caption: SetCaption, order: CaptionsOrder, setter: Setter) -> CaptionPicture:
    """A set caption in pixel codes, inside the safe area."""
    raster = np.zeros((order.height, order.width), np.uint8)
    for rows, top in ((caption.top, True), (caption.bottom, False)):
        if rows:
            codes, first = _place(rows, order, setter, top=top)
            start, end = max(0, first), min(order.height, first + codes.shape[0])
            raster[start:end] = np.maximum(raster[start:end], codes[start - first : end - first])
    return _cropped(raster)

"""Which pixels of a menu light up with its buttons, and in which colours."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crowdcut.disc.menu_grid import stored_box
from crowdcut.disc.menu_layout import MARK_LINES
from crowdcut.disc.menu_records import Button, MenuCanvas, Page
from crowdcut.disc.palette import studio_colour
from crowdcut.orders import Box
from renderers.lettering.drawing import channels
from renderers.lettering.fonts import shelf_for
from renderers.lettering.menu_words import set_menu_words
from renderers.lettering.typeset import Typesetter

Mask = NDArray[np.uint8]
Colour = tuple[int, int, int, int]
"""Y, Cr, Cb (BT.601, limited range) and opacity 0..15: what vtskit calls a colour of a menu."""

_SHORTEST_EMS = 1.5
"""An underline is at least so long."""
_ROUND = 6
"""Radius of a frame's corners, square pixels."""


def _underlined(button: Button, typesetter: Typesetter) -> tuple[float, float]:
    """From where to where words are, square pixels."""
    words = set_menu_words(button.words, typesetter)
    spare = max(0.0, _SHORTEST_EMS * words.words.size - words.words.width)
    left = words.x - {"left": 0.0, "centre": spare / 2, "right": spare}[button.words.style.align]
    if button.words.style.align == "right":
        left += words.words.measure - words.words.width
    elif button.words.style.align == "centre":
        left += (words.words.measure - words.words.width) / 2
    return left, left + words.words.width + spare


def _frame(marked: Box, across: float) -> NDArray[np.bool_]:
    """A rounded frame that fills a box of the stored picture, [shape=(height / 2, width)]: each row is two lines.

    across : stored pixels that make up the width of a square one.
    """
    half_width, half_height = marked.width / across / 2, marked.height / 2
    x = np.abs((np.arange(marked.width) + 0.5) / across - half_width)[None, :]
    y = np.abs(2 * np.arange(marked.height // 2) + 1 - half_height)[:, None]

    def inside(border: float) -> NDArray[np.bool_]:
        """Whether a pixel is in a rounded rectangle so far within the outer one."""
        radius = max(0.0, _ROUND - border)
        beyond_x, beyond_y = x - (half_width - border - radius), y - (half_height - border - radius)
        rounded = np.hypot(np.maximum(beyond_x, 0), np.maximum(beyond_y, 0)) <= radius
        return rounded & (beyond_x <= radius) & (beyond_y <= radius)

    return inside(0) & ~inside(MARK_LINES)


def _lit(mask: Mask, button: Button, canvas: MenuCanvas, typesetter: Typesetter) -> None:
    """Set a button's mark in the mask, [shape=(lines / 2, width)]: what is one row is two lines."""
    across = canvas.stored_width / canvas.width
    marked = stored_box(button.marked, canvas)
    left, right = marked.x, marked.x + marked.width
    part = mask[marked.y // 2 : (marked.y + marked.height) // 2]
    if button.mark == "underline":
        start, end = _underlined(button, typesetter)
        part[:, max(left, round(start * across)) : min(right, round(end * across))] = 1
    elif button.mark == "bar":
        part[:, left:right] = 1
    else:
        part[:, left:right] |= _frame(marked, across)


def highlight_mask(page: Page, canvas: MenuCanvas, inputs: Mapping[str, Path]) -> Mask:
    """1 where a button lights up, else 0; [shape=(stored height, stored width)] uint8.

    inputs : a template's own fonts by ``font:name``, as the job has them that draws the page.

    A mark lies within its button. Pairs of lines (0 and 1, 2 and 3...) are alike: each field shows the same, and
    nothing is one line thin, so that nothing flickers.
    """
    typesetter = Typesetter(shelf=shelf_for(inputs), height=canvas.height)
    mask = np.zeros((canvas.stored_height // 2, canvas.stored_width), np.uint8)
    for button in page.buttons:
        _lit(mask, button, canvas, typesetter)
    return mask.repeat(2, axis=0)


def menu_colour(colour: str, contrast: int) -> Colour:
    """``#rrggbb`` as a disc's palette holds it, with its opacity (0..15)."""
    red, green, blue = channels(colour)[:3]
    return *studio_colour(red, green, blue), contrast

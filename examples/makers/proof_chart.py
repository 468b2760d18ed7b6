"""The chart that proofs are read from: twelve colours, ten marks, a frame code and a bar that runs, each at a known
part of the picture.

Everything is placed by parts of the picture's width and height, so one chart serves every size and shape of pixel.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from examples.makers.frame_code import code_boxes, draw_frame_code

PATCHES = np.array(
    [
        [180, 60, 60], [60, 150, 70], [60, 80, 180], [200, 190, 60], [180, 80, 170], [70, 170, 190],
        [200, 140, 120], [100, 120, 150], [230, 230, 230], [170, 170, 170], [110, 110, 110], [64, 64, 64],
    ],
    np.uint8,
)  # fmt: skip
"""[shape=(12, 3)] R'G'B': six colours, skin, sky and four greys; all of them inside the gamut of every standard."""
GROUND, MARK = 96, 235
"""Grey levels of the ground and of the marks."""

MARKS = (*((x, y) for y in (0.06, 0.28, 0.72, 0.94) for x in (0.05, 0.95)), (0.5, 0.06), (0.5, 0.94))
"""Middles of the marks, as parts of width and height."""
MARK_SIZE = (0.03, 0.05)
"""Width and height of a mark, as parts of the picture's."""

_LEFT, _STEP = 0.11, 0.13
_TOPS, _HEIGHT = (0.13, 0.63), 0.24

RUN = (0.14, 0.90, 0.46, 0.98)
"""Left, top, right and bottom of the band in which the bar runs, in front of the last mark."""
BAR = 0.03
"""Width of the bar, as a part of the picture's."""
STEP = 0.0126
"""How far the bar runs from one number to the next."""
_STEPS, _FIRST = 24, 7
"""The bar runs so many steps, the first time from this number on, and then jumps back: films are read in between."""

Box = tuple[float, float, float, float]


def patch_box(number: int) -> Box:
    """Left, top, right and bottom of patch ``number`` (0..11), as parts of width and height."""
    left, top = _LEFT + number % 6 * _STEP, _TOPS[number // 6]
    return left, top, left + _STEP, top + _HEIGHT


def mark_box(number: int) -> Box:
    """Left, top, right and bottom of mark ``number`` (0..9), as parts of width and height."""
    (x, y), (wide, high) = MARKS[number], MARK_SIZE
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _covered(size: int, first: float, last: float) -> NDArray[np.float64]:
    """How much of each of ``size`` pixels lies between two places, 0..1."""
    pixels = np.arange(size)
    return np.clip(last - pixels, 0, 1) - np.clip(first - pixels, 0, 1)


def _fill(picture: NDArray[np.float64], place: Box, box: Box, colour: NDArray[np.uint8] | int) -> None:
    """Lay a colour over a box, whose edges may lie within pixels.

    place : left, top, width and height of the chart, in pixels; ``box`` is told in parts of it.
    """
    left, top, wide, high = place
    down = _covered(picture.shape[0], top + box[1] * high, top + box[3] * high)
    across = _covered(picture.shape[1], left + box[0] * wide, left + box[2] * wide)
    if not (down.any() and across.any()):
        return
    rows, columns = (slice(seen[0], seen[-1] + 1) for seen in map(np.flatnonzero, (down, across)))
    cover = np.outer(down[rows], across[columns])[..., None]
    picture[rows, columns] += cover * (colour - picture[rows, columns])


def _draw_still(picture: NDArray[np.float64], place: Box, patches: NDArray[np.uint8]) -> None:
    """All that does not change."""
    _fill(picture, place, (0, 0, 1, 1), GROUND)
    for number, colour in enumerate(patches):
        _fill(picture, place, patch_box(number), colour)
    for number in range(len(MARKS)):
        _fill(picture, place, mark_box(number), MARK)


@cache
def _still(width: int, height: int, patches: bytes) -> NDArray[np.float64]:
    drawn = np.zeros((height, width, 3))
    _draw_still(drawn, (0, 0, width, height), np.frombuffer(patches, np.uint8).reshape(-1, 3))
    return drawn


def bar_at(number: int) -> float:
    """The middle of the bar, as a part of the picture's width."""
    return RUN[0] + BAR / 2 + (number - _FIRST) % _STEPS * STEP


def _draw_bar(picture: NDArray[np.float64], place: Box, number: int) -> None:
    middle = bar_at(number)
    _fill(picture, place, (middle - BAR / 2, RUN[1], middle + BAR / 2, RUN[3]), MARK)


def proof_chart(
    width: int, height: int, code: int, *, bar: int | None = None, patches: NDArray[np.uint8] = PATCHES
) -> NDArray[np.uint8]:
    """The chart with the frame code ``code`` and the bar's place ``bar`` (the code, unless it is given).

    Returns [shape=(height, width, 3)] R'G'B'.
    """
    drawn = _still(width, height, patches.tobytes()).copy()
    _draw_bar(drawn, (0, 0, width, height), code if bar is None else bar)
    rounded = np.rint(drawn).astype(np.uint8)
    draw_frame_code(rounded, code)
    return rounded


def laid_chart(
    width: int, height: int, place: Box, code: int, *, bar: int, patches: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """The chart drawn straight into a black raster, to the part of a pixel.

    place : its left, top, width and height, in pixels; it may reach outside. Returns [shape=(height, width, 3)] R'G'B'.
    """
    drawn = np.zeros((height, width, 3))
    _draw_still(drawn, place, patches)
    _draw_bar(drawn, place, bar)
    for box, grey in code_boxes(code):
        _fill(drawn, place, box, grey)
    return np.rint(drawn).astype(np.uint8)

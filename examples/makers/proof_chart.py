"""The chart that proofs are read from: twelve colours, ten marks, a frame code and a bar that runs, each at a known
part of the picture.

Everything is placed by parts of the picture's width and height, so one chart serves every size and shape of pixel.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from examples.makers.frame_code import draw_frame_code

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
BAR = 0.06
"""Width of the bar, as a part of the picture's."""
STEP = 0.026
"""How far the bar runs from one number to the next; 11 of them bring it back."""
_STEPS = 11

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
    """How much of each of ``size`` pixels lies between two parts of the whole, 0..1."""
    pixels = np.arange(size)
    return np.clip(last * size - pixels, 0, 1) - np.clip(first * size - pixels, 0, 1)


def _fill(picture: NDArray[np.float64], box: Box, colour: NDArray[np.uint8] | int) -> None:
    """Lay a colour over a box, whose edges may lie within pixels."""
    height, width = picture.shape[:2]
    cover = np.outer(_covered(height, box[1], box[3]), _covered(width, box[0], box[2]))[..., None]
    picture += cover * (colour - picture)


@cache
def _still(width: int, height: int, patches: bytes) -> NDArray[np.float64]:
    """All that does not change."""
    drawn = np.full((height, width, 3), float(GROUND))
    for number, colour in enumerate(np.frombuffer(patches, np.uint8).reshape(-1, 3)):
        _fill(drawn, patch_box(number), colour)
    for number in range(len(MARKS)):
        _fill(drawn, mark_box(number), MARK)
    return drawn


def bar_at(number: int) -> float:
    """The middle of the bar, as a part of the picture's width."""
    return RUN[0] + BAR / 2 + number % _STEPS * STEP


def proof_chart(
    width: int, height: int, code: int, *, bar: int | None = None, patches: NDArray[np.uint8] = PATCHES
) -> NDArray[np.uint8]:
    """The chart with the frame code ``code`` and the bar's place ``bar`` (the code, unless it is given).

    Returns [shape=(height, width, 3)] R'G'B'.
    """
    drawn = _still(width, height, patches.tobytes()).copy()
    middle = bar_at(code if bar is None else bar)
    _fill(drawn, (middle - BAR / 2, RUN[1], middle + BAR / 2, RUN[3]), MARK)
    rounded = np.rint(drawn).astype(np.uint8)
    draw_frame_code(rounded, code)
    return rounded

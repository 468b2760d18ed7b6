"""Test pictures: a colour and geometry chart, with a frame code and a moving mark on top."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from examples.makers.frame_code import draw_frame_code

BARS = ((192, 192, 192), (192, 192, 0), (0, 192, 192), (0, 192, 0), (192, 0, 192), (192, 0, 0), (0, 0, 192))
"""75 % colour bars, R'G'B', left to right (SMPTE RP 219 order)."""
GROUND = (96, 96, 96)
"""R'G'B' behind everything."""


@cache
def chart(width: int, height: int) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 R'G'B', read-only: bars in the top quarter, a grey ramp in the bottom eighth, a grid of
    sixteenths of the width, a circle of half the height in the middle, and a white mark in the top left corner alone,
    so that a turned or mirrored picture is told from an upright one."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = GROUND
    step = max(8, width // 16)
    picture[height // 4 : height - height // 8, width // 2 % step :: step] = 128
    picture[height // 2 % step :: step, :] = 128
    y, x = np.ogrid[:height, :width]
    distance = np.hypot(x - width / 2 + 0.5, y - height / 2 + 0.5)
    picture[np.abs(distance - height / 4) < max(1.0, height / 240)] = 224
    picture[: height // 4] = np.array(BARS, np.uint8)[np.arange(width) * len(BARS) // width]
    picture[height - height // 8 :] = (np.arange(width) * 256 // width).astype(np.uint8)[:, None]
    picture[: height // 10, : width // 10] = 255
    picture.setflags(write=False)
    return picture


def coded_picture(width: int, height: int, *, first: int = 0) -> Callable[[int], NDArray[np.uint8]]:
    """A picture for :func:`write_clip`: frame n is the chart with the code ``first + n`` and a dot that moves on."""

    def picture(frame: int) -> NDArray[np.uint8]:
        drawn = chart(width, height).copy()
        side, travel = max(4, height // 16), width - height // 16
        left = frame * max(1, width // 64) % max(1, travel)
        drawn[height - 2 * height // 8 : height - 2 * height // 8 + side, left : left + side] = (255, 128, 0)
        draw_frame_code(drawn, first + frame)
        return drawn

    return picture


def turned_picture(picture: Callable[[int], NDArray[np.uint8]], *, degrees: int) -> Callable[[int], NDArray[np.uint8]]:
    """``picture`` as a phone stores it, so that it stands upright again when turned ``degrees`` clockwise
    (0, 90, 180, 270). Quarter turns exchange width and height."""
    return lambda frame: np.ascontiguousarray(np.rot90(picture(frame), degrees // 90))

"""A number drawn in a picture so that a machine can read it back after scaling, turning upright and lossy coding.

Two rows of sixteen black and white cells lie across the middle of the picture, eight tenths of its width: a guard
column at each end (white over black, black over white) and between them 28 bits, row by row: the number (16 bits) and
a check sum (12 bits). The cells are found by their size alone, as long as the picture is centred in what is read.
"""

import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

COLUMNS = 16
NUMBERS = 1 << 16
"""Numbers run from 0 to this, exclusive."""

_WIDTH = 0.8
"""Of the code, as a part of the picture's width."""
_ROW = 0.07
"""Height of one row of cells, as a part of the picture's height."""
_MARGIN = 0.02
"""Of mid grey around the code, as a part of the picture's width and height."""
_PROBE = 0.02
"""Distance from the middle at which a row is read, as a part of the height of what is read: half a row's height
in a picture that fills four sevenths of it, still inside the row in one that fills a third."""
_CONTRAST = 48
"""Luma steps by which the darkest white must exceed the brightest black. Two numbers dissolving fall below it."""
_GUARD = np.array([[True, False], [False, True]])


def _check_sum(number: int) -> int:
    return zlib.crc32(number.to_bytes(2, "big")) & 0xFFF


def _cells(number: int) -> NDArray[np.bool_]:
    """(2, COLUMNS) bool, True for white."""
    word = number << 12 | _check_sum(number)
    bits = np.array([word >> (27 - place) & 1 for place in range(28)], dtype=bool).reshape(2, COLUMNS - 2)
    return np.hstack([_GUARD[:, :1], bits, _GUARD[:, 1:]])


def draw_frame_code(picture: NDArray[np.uint8], number: int) -> None:
    """Draw ``number`` into ``picture``, (height, width[, channels]) uint8, in place.

    Raises ValueError for a number outside 0..65535.
    """
    if not 0 <= number < NUMBERS:
        raise ValueError(f"{number} is not a frame code: they run from 0 to {NUMBERS - 1}")
    height, width = picture.shape[:2]
    edges_x = np.rint(width * (0.5 + _WIDTH * (np.arange(COLUMNS + 1) / COLUMNS - 0.5))).astype(int)
    edges_y = np.rint(height * (0.5 + _ROW * np.arange(-1, 2))).astype(int)
    margin_x, margin_y = round(width * _MARGIN), round(height * _MARGIN)
    picture[edges_y[0] - margin_y : edges_y[2] + margin_y, edges_x[0] - margin_x : edges_x[-1] + margin_x] = 128
    values = np.where(_cells(number), np.uint8(255), np.uint8(0))
    code = np.repeat(np.repeat(values, np.diff(edges_y), axis=0), np.diff(edges_x), axis=1)
    picture[edges_y[0] : edges_y[2], edges_x[0] : edges_x[-1]] = code if picture.ndim == 2 else code[:, :, None]


def code_boxes(number: int) -> Iterator[tuple[tuple[float, float, float, float], int]]:
    """The code as rectangles, margin first: left, top, right and bottom as parts of width and height, and a grey level.

    For drawing it where cells do not begin on whole pixels.
    """
    left, top = 0.5 - _WIDTH / 2, 0.5 - _ROW
    yield (left - _MARGIN, top - _MARGIN, 1 - left + _MARGIN, 1 - top + _MARGIN), 128
    for (row, column), white in np.ndenumerate(_cells(number)):
        x, y = left + column * _WIDTH / COLUMNS, top + row * _ROW
        yield (x, y, x + _WIDTH / COLUMNS, y + _ROW), 255 if white else 0


def _rows_read(luma: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The two rows of cells as (2, width) float32: each the mean of a few lines."""
    height = luma.shape[0]
    distance, reach = max(2, round(height * _PROBE)), max(1, height // 240)
    middles = (height // 2 - distance, height // 2 + distance)
    return np.stack([luma[y - reach : y + reach].mean(axis=0, dtype=np.float32) for y in middles])


def _number_in(white: NDArray[np.bool_]) -> int | None:
    if not np.array_equal(white[:, [0, -1]], _GUARD):
        return None
    word = int("".join("1" if bit else "0" for bit in white[:, 1:-1].ravel()), 2)
    return word >> 12 if _check_sum(word >> 12) == word & 0xFFF else None


def read_frame_code(luma: NDArray[np.uint8]) -> int | None:
    """The number drawn in a picture, or None where none can be read for certain.

    ``luma`` is (height, width) uint8, full or limited range. The picture that bears the code may be smaller or larger
    than it (letterboxed, pillarboxed, cropped at the edges) if both have the same middle; otherwise pass the part of
    the array in which the picture lies.
    """
    rows, width = _rows_read(luma), luma.shape[1]
    sizes = np.arange(max(32, width // 8), width + 1)
    middles = (np.arange(COLUMNS) + 0.5) / COLUMNS - 0.5
    columns = np.floor(width / 2 + sizes[:, None] * middles).astype(int)
    samples = rows[:, columns].transpose(1, 0, 2)  # (sizes, 2, COLUMNS)
    threshold = (samples.max(axis=(1, 2)) + samples.min(axis=(1, 2))) / 2
    white = samples > threshold[:, None, None]
    contrast = np.where(white, samples, np.inf).min(axis=(1, 2)) - np.where(white, -np.inf, samples).max(axis=(1, 2))
    for best in np.argsort(-contrast, kind="stable"):
        if contrast[best] < _CONTRAST:
            return None
        if (number := _number_in(white[best])) is not None:
            return number
    return None

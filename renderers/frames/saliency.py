"""Finds where in a film the most happens, and follows it steadily: what moves by itself first, what is detailed second.

Pictures are compared at a width of 160 pixels, after the camera's own movement was taken out (the shift at which two
pictures differ least). What is left over, summed in strips, is a score for each place; the track is the way through
these scores that collects the most, where each step aside costs (Bellman's principle, as in Viterbi's algorithm).
All of it is whole numbers.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from renderers.patch import Plane

Counts = NDArray[np.int64]

_LONG_SIDE = 160
"""Pixels of the longer side at which pictures are compared."""
_CAMERA = 4
"""Pixels (of half that size) between two looks up to which the camera's own movement is found."""
_NOISE = 6
"""Luma steps that grain and coding may change a pixel by."""
_DETAIL_SHARE = 8
"""Detail counts an eighth of what movement counts."""
_PLACES = 48
"""Strips of each axis."""
_SUBJECT = 12
"""Strips that a subject fills: a quarter of the side."""
_STEP_COST = 25
"""Thousandths of the best score of all looks that a step of one strip costs."""

_SCORE_MAX = 1_000_000
"""Of a strip: the sums of a day of looks stay far below what 63 bits hold."""


def _shifted(picture: NDArray[np.int16], dx: int, dy: int, margin: int) -> NDArray[np.int16]:
    height, width = picture.shape
    return picture[margin + dy : height - margin + dy, margin + dx : width - margin + dx]


def _camera_shift(before: NDArray[np.int16], now: NDArray[np.int16]) -> tuple[int, int]:
    """By how many pixels ``before`` is to be shifted so that it is most like ``now``."""
    inner = _shifted(now, 0, 0, _CAMERA)
    shifts = [(dx, dy) for dx in range(-_CAMERA, _CAMERA + 1) for dy in range(-_CAMERA, _CAMERA + 1)]
    # Standing still wins where nothing is gained.
    return min(
        shifts, key=lambda one: (int(np.abs(_shifted(before, *one, _CAMERA) - inner).sum()), one[0] ** 2 + one[1] ** 2)
    )


def _halved(picture: Plane) -> NDArray[np.int16]:
    size = max(1, picture.shape[1] // 2), max(1, picture.shape[0] // 2)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.int16)


def _movement(before: Plane, now: Plane) -> Counts:
    """How much each pixel changed by itself."""
    halves = _halved(before), _halved(now)
    margin = 2 * _CAMERA
    if min(now.shape) <= 4 * margin:
        return np.zeros(now.shape, np.int64)
    dx, dy = (2 * one for one in _camera_shift(*halves))
    changed = np.abs(_shifted(before.astype(np.int16), dx, dy, margin) - _shifted(now.astype(np.int16), 0, 0, margin))
    whole = np.zeros(now.shape, np.int64)
    whole[margin:-margin, margin:-margin] = np.maximum(changed - _NOISE, 0)
    return whole


def _detail(picture: Plane) -> Counts:
    """How much each pixel differs from its neighbours."""
    values = picture.astype(np.int16)
    rough = np.zeros(picture.shape, np.int64)
    rough[:, 1:] += np.abs(np.diff(values, axis=1))
    rough[1:] += np.abs(np.diff(values, axis=0))
    return np.maximum(rough - 2 * _NOISE, 0)


def _strips(counts: Counts) -> Counts:
    """Sums along one axis in so many strips. [shape=(_PLACES,)]"""
    edges = np.arange(_PLACES + 1) * len(counts) // _PLACES
    running = np.concatenate([[0], np.cumsum(counts)])
    return running[edges[1:]] - running[edges[:-1]]


def _scores(strips: Counts) -> Counts:
    """For each place what a subject in its middle would gather. [shape=(looks, _PLACES)]"""
    reach = _SUBJECT // 2
    padded = np.pad(strips, ((0, 0), (reach + 1, reach)))
    running = np.cumsum(padded, axis=1)
    return running[:, 2 * reach + 1 :] - running[:, : -2 * reach - 1]


def _best_way(scores: Counts) -> list[int]:
    """The place at each look on the way that gathers the most."""
    cost = max(1, int(scores.max()) * _STEP_COST // 1000)
    places = np.arange(_PLACES)
    steps = np.abs(places[:, None] - places[None, :]) * cost
    total, came = scores[0], []
    for score in scores[1:]:
        ways = total[None, :] - steps
        best = ways.argmax(axis=1)
        came.append(best)
        total = ways[places, best] + score
    way = [int(total.argmax())]
    for best in reversed(came):
        way.append(int(best[way[-1]]))
    return way[::-1]


def _thousandths(strips: Counts, place: int) -> int:
    """The middle of what is gathered around a place, thousandths of the side."""
    first, last = max(0, place - _SUBJECT // 2), min(_PLACES, place + _SUBJECT // 2 + 1)
    part = strips[first:last]
    if not int(part.sum()):
        return (2 * place + 1) * 500 // _PLACES
    middles = 2 * np.arange(first, last) + 1
    return int((part * middles).sum() * 500 // (_PLACES * int(part.sum())))


def _steady(strips: Counts) -> list[int]:
    if not strips.any():
        return [500] * len(strips)
    way = _best_way(_scores(strips))
    return [_thousandths(one, place) for one, place in zip(strips, way, strict=True)]


class Gaze:
    """Looks at a film now and then. ``width`` and ``height`` are its pictures'."""

    def __init__(self, width: int, height: int):
        longer = max(width, height)
        self._size = max(_PLACES, width * _LONG_SIDE // longer), max(_PLACES, height * _LONG_SIDE // longer)
        self._before: Plane | None = None
        self._moves: list[Counts] = []
        self._details: list[Counts] = []

    def take(self, luma: Plane) -> None:
        """One look. [shape=(height, width)]"""
        small: Plane = cv2.resize(luma, self._size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
        movement = np.zeros(small.shape, np.int64) if self._before is None else _movement(self._before, small)
        detail = _detail(small)
        for kept, found in ((self._moves, movement), (self._details, detail)):
            kept.append(np.stack([_strips(found.sum(axis=0)), _strips(found.sum(axis=1))]))
        self._before = small

    def track(self) -> tuple[tuple[int, int], ...]:
        """Where the most happens at each look: thousandths of width and of height."""
        moves, details = np.stack(self._moves), np.stack(self._details)
        if len(moves) > 1:
            moves[0] = moves[1]  # nothing was before it
        movement, rough = int(moves.sum()) // len(moves), int(details.sum()) // len(details)
        told = moves * _DETAIL_SHARE * max(1, rough) + details * movement if movement else details
        told //= max(1, int(told.max()) // _SCORE_MAX)
        return tuple(zip(_steady(told[:, 0]), _steady(told[:, 1]), strict=True))

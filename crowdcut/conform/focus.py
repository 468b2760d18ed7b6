"""Where a crop looks so that what moves stays in it: at one place, or along a path that never jerks."""

from collections.abc import Sequence
from fractions import Fraction

from crowdcut.conform.motion_path import spline_weights

STANDS_WITHIN = 0.35
"""A subject that stays within so much of what is seen does not move the view."""
ACCELERATION_MAX = 0.4
"""Of the picture's side, a second squared: a view that moves gets faster and slower no quicker than that."""
KNOTS_A_SECOND = 2
"""Control points of a moving path: it can follow a subject there and back within four seconds."""
_SMOOTHING = 0.02
"""The least weight of the path's bends against its distance from the subject."""
_DOUBLINGS = 60

Band = list[list[float]]
"""A symmetric matrix of bandwidth 3: row i holds its diagonal and the three to its right."""


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _calmed(values: Sequence[float]) -> list[float]:
    """Each value the median of five: a flash draws no eye."""
    return [_median(values[max(0, place - 2) : place + 3]) for place in range(len(values))]


def _solved(band: Band, right: Sequence[float]) -> list[float]:
    """The solution of ``band · x = right``, by Cholesky's method without roots (L D Lᵀ)."""
    count = len(right)
    rows, x = [list(row) for row in band], list(right)
    for i in range(count):
        for step in range(1, min(4, count - i)):
            factor = rows[i][step] / rows[i][0]
            for j in range(step, min(4, count - i)):
                rows[i + step][j - step] -= factor * rows[i][j]
            x[i + step] -= factor * x[i]
    for i in reversed(range(count)):
        x[i] = (x[i] - sum(rows[i][step] * x[i + step] for step in range(1, min(4, count - i)))) / rows[i][0]
    return x


def _fitted(
    values: Sequence[float], spots: Sequence[tuple[int, Sequence[float]]], count: int, bend: float
) -> list[float]:
    """Control points of the spline next to ``values``; ``bend`` weighs their second differences.

    spots : for each value the first control point that it hangs on, and the weights of four.
    """
    band: Band = [[1e-9, 0.0, 0.0, 0.0] for _ in range(count)]
    right = [0.0] * count
    for value, (first, weights) in zip(values, spots, strict=True):
        for i in range(4):
            right[first + i] += weights[i] * value
            for j in range(i, 4):
                band[first + i][j - i] += weights[i] * weights[j]
    difference = (1.0, -2.0, 1.0)
    for first in range(count - 2):
        for i in range(3):
            for j in range(i, 3):
                band[first + i][j - i] += bend * difference[i] * difference[j]
    return _solved(band, right)


def _largest_bend(controls: Sequence[float]) -> float:
    return max((abs(controls[i] - 2 * controls[i + 1] + controls[i + 2]) for i in range(len(controls) - 2)), default=0)


def _kept(controls: Sequence[float], lowest: float, highest: float) -> list[float]:
    """The controls drawn together around the middle until all lie inside; that never bends them more."""
    middle, room = (lowest + highest) / 2, (highest - lowest) / 2
    reach = max(abs(one - middle) for one in controls)
    share = min(1.0, room / reach) if reach else 1.0
    return [middle + (one - middle) * share for one in controls]


def knot_frames(rate: Fraction) -> int:
    """Frames from one control point of a path to the next."""
    return max(1, round(rate / KNOTS_A_SECOND))


def path_along(
    centres: Sequence[float], *, every: Fraction, side: float, seen: float, rate: Fraction, length_frames: int
) -> list[float]:
    """Middles of the view along one side of the picture: one if it stands, else control points of a spline with one
    every :func:`knot_frames`.

    centres : of the subject, pixels from the side's start, one every ``every`` seconds; at least one.
    side, seen : pixels of the side and of what the view shows of it.
    """
    lowest, highest = seen / 2, side - seen / 2
    calm = _calmed(centres)
    ordered = sorted(calm)
    low, high = ordered[len(ordered) // 50], ordered[-1 - len(ordered) // 50]
    if high - low <= STANDS_WITHIN * seen or length_frames < 2:
        return [min(max((low + high) / 2, lowest), highest)]
    knots = knot_frames(rate)
    count = -(-length_frames // knots) + 3
    values = [min(max(one, lowest), highest) for one in calm]
    spots = []
    for number in range(len(values)):
        first, weights = spline_weights(Fraction(number * every * rate), knots, count)
        spots.append((first, [float(weight) for weight in weights]))
    limit = ACCELERATION_MAX * side * float(Fraction(knots) / rate) ** 2
    bend, controls = _SMOOTHING, [0.0]
    for _ in range(_DOUBLINGS):
        controls = _fitted(values, spots, count, bend)
        if _largest_bend(controls) <= limit:
            break
        bend *= 2
    return _kept(controls, lowest, highest)

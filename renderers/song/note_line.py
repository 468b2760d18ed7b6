"""The line through the times of single notes, as a guide has them and as they are sung: where a take lies, to the limit
of what its singer's own timing tells.

Each moment of the song weighs the same, however many notes begin in it. How much a note that is far off tells hangs on
the singer. Of one whose notes are off by a bell curve's chances the mean is the best that there is; of one who is early
and late within limits, and often near them, the earliest and latest notes tell most. So the line is the one with the
least sum of a power of how far its notes are off, and the power is read off their kurtosis.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renderers.song.note_times import Notes
from renderers.song.pitch_classes import CLASSES

USUAL_PPM = 80.0
"""Deviation of what is expected of two recorders' clocks. A singer's own timing moves the slope of a minute or two as
much as most clocks do, so the slope is not believed where it says no more than that."""
_REACH = 13.0
"""Frames by which a note may be early or late, 130 ms."""
_NEAREST = 2.0
"""Frames by which anybody's may."""
_SPREADS = 2.5
"""Times their quartiles' distance: what is further off than this is another note. (Of evenly spread notes all are
within one, of a bell curve's 99.9 % within two and a half.)"""
_TOGETHER = 3.0
"""Frames: what begins nearer to each other than this is one moment."""
_FEWEST = 8.0
"""Moments: through fewer no line is drawn."""
_ROUNDS = 4
_STEADIEST = 0.3
"""Frames: no singer's timing is believed to spread less."""
_PLACED = 2.5
"""Frames: deviation of what was known of the place before any note was looked at."""
_ORDINARY = 2.5
"""Deviations: a note that is further off is no sign of how its singer keeps time."""
_FLATTEST, _STEEPEST = 1.0, 4.0
"""The powers: the least sum of the first is at the median; of evenly spread notes 3.8 is the best."""
_STEPS = 30
_SETTLED = 1e-3
"""Frames by which a step need not move the line any more."""
_NONE = 0.05
"""Frames: nothing is nearer than this."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Where a take lies: the guide's frame ``n`` is its frame ``start + n * (1 + slope)``."""

    start: float
    slope: float

    def of(self, frames: Numbers) -> Numbers:
        """Frames of the take at frames of the guide."""
        return self.start + frames * (1 + self.slope)


def _nearest(times: Numbers, others: Numbers) -> NDArray[np.int64]:
    """For each time the index of the nearest of the others, which ascend."""
    after = np.clip(np.searchsorted(others, times), 1, max(1, len(others) - 1))
    after = np.minimum(after, len(others) - 1)
    before = np.maximum(after - 1, 0)
    return np.where(times - others[before] <= others[after] - times, before, after)


def notes_met(guide: Notes, take: Notes, line: Line, reach: float = _REACH) -> Numbers:
    """[shape=(met, 2)] times of notes of one pitch class that are each other's nearest, and within ``reach``."""
    found = []
    for one in range(CLASSES):
        mine, theirs = guide[guide[:, 1] == one, 0], take[take[:, 1] == one, 0]
        if not len(mine) or not len(theirs):
            continue
        expected = line.of(mine)
        nearest = _nearest(expected, theirs)
        mutual = _nearest(theirs, expected)[nearest] == np.arange(len(mine))
        kept = mutual & (np.abs(theirs[nearest] - expected) < reach)
        found.append(np.stack([mine[kept], theirs[nearest[kept]]], axis=1))
    met = np.concatenate(found) if found else np.zeros((0, 2))
    return met[np.argsort(met[:, 0], kind="stable")]


def _power(off: Numbers, weights: Numbers) -> float:
    """The power whose least sum is the best mean of what is so far off: ``9 / k**2 + 1`` for a kurtosis of ``k``, after
    A. H. Money and others, Communications in Statistics B 11 (1982) 89; 2 for a bell curve, nearer to 1 for what is
    wilder."""
    spread = float(np.sqrt(weights @ off**2 / weights.sum()))
    if spread < _NONE:
        return 2.0
    ordinary = np.abs(off) < _ORDINARY * spread
    count, square, fourth = (float(weights[ordinary] @ off[ordinary] ** power) for power in (0, 2, 4))
    return float(np.clip(9 * (square**2 / (fourth * count)) ** 2 + 1, _FLATTEST, _STEEPEST))


def _fitted(away: Numbers, late: Numbers, weights: Numbers) -> Numbers:
    """Place and slope of the likeliest line through points ``away`` from its middle that are so ``late``, with what is
    known of places and clocks beforehand: from the one by least squares on, by Newton's method (over the second power)
    or by least squares with other weights (under it). The sum is convex."""
    known = np.diag([1 / _PLACED**2, 1 / (USUAL_PPM / 1e6) ** 2])
    moments = float(weights.sum())
    columns = np.stack([np.ones(len(away)), away])
    found, power = np.zeros(2), 2.0
    off = late - weights @ late / moments
    for step in range(_STEPS):
        size = max(_STEADIEST**power, float(weights @ np.abs(off) ** power) / moments)
        pulls = weights * np.maximum(np.abs(off), _NONE) ** (power - 2) / size
        bent = (columns * pulls) @ columns.T * max(1.0, power - 1) + known
        moved = np.linalg.solve(bent, (columns * pulls) @ off - known @ found)
        found, off = found + moved, late - (found + moved) @ columns
        if step == 0:
            power = _power(off - weights @ off / moments, weights)
        elif float(np.abs(moved) @ (1, np.abs(away).max())) < _SETTLED:
            break
    return found


def line_of(met: Numbers, placed: float) -> Line | None:
    """The likeliest line through the times of notes that meet; None where too few do.

    met : [shape=(met, 2)] frames of the guide, ascending, and of the take.
    placed : frame of the take at which the guide is thought to begin.
    """
    times = met[:, 0]
    beside = np.searchsorted(times, times + _TOGETHER) - np.searchsorted(times, times - _TOGETHER, "right")
    weights = 1 / np.maximum(1, beside)
    moments = float(weights.sum())
    if moments < _FEWEST:
        return None
    middle = float(weights @ times) / moments
    place, slope = _fitted(times - middle, met[:, 1] - times - placed, weights)
    return Line(start=float(placed + place - slope * middle), slope=float(slope))


def line_through(guide: Notes, take: Notes, line: Line) -> Line:
    """The likeliest line through the notes that meet near ``line``; that one itself where too few do."""
    placed, reach = line.start, _REACH
    for _ in range(_ROUNDS):
        met = notes_met(guide, take, line, reach)
        found = line_of(met, placed)
        if found is None:
            return line
        line = found
        early, late = np.percentile(met[:, 1] - line.of(met[:, 0]), (25, 75))
        reach = float(np.clip(_SPREADS * (late - early), _NEAREST, _REACH))
    return line

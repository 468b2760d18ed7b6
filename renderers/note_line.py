"""The line through the times of single notes, as a guide has them and as they are sung: where a take lies, to the limit
of what its singer's own timing tells.

Each moment of the song weighs the same, however many notes begin in it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renderers.note_times import Notes
from renderers.pitch_classes import CLASSES

USUAL_PPM = 80.0
"""Deviation of what is expected of two recorders' clocks. A singer's own timing moves the slope of a minute or two as
much as most clocks do, so the slope is not believed where it says no more than that."""
_REACH = 13.0
"""Frames by which a note may be early or late, 130 ms."""
_TOGETHER = 3.0
"""Frames: what begins nearer to each other than this is one moment."""
_FEWEST = 8.0
"""Moments: through fewer no line is drawn."""
_ROUNDS = 3
_STEADIEST = 1.0
"""Frames: no singer's timing is believed to spread less."""
_PLACED = 2.5
"""Frames: deviation of what was known of the place before any note was looked at."""

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


def notes_met(guide: Notes, take: Notes, line: Line) -> Numbers:
    """[shape=(met, 2)] times of notes of one pitch class that are each other's nearest."""
    found = []
    for one in range(CLASSES):
        mine, theirs = guide[guide[:, 1] == one, 0], take[take[:, 1] == one, 0]
        if not len(mine) or not len(theirs):
            continue
        expected = line.of(mine)
        nearest = _nearest(expected, theirs)
        mutual = _nearest(theirs, expected)[nearest] == np.arange(len(mine))
        kept = mutual & (np.abs(theirs[nearest] - expected) < _REACH)
        found.append(np.stack([mine[kept], theirs[nearest[kept]]], axis=1))
    met = np.concatenate(found) if found else np.zeros((0, 2))
    return met[np.argsort(met[:, 0], kind="stable")]


def line_through(guide: Notes, take: Notes, line: Line) -> Line:
    """The line by least squares through the notes that meet near ``line``; that one itself where too few do."""
    placed = line.start
    for _ in range(_ROUNDS):
        met = notes_met(guide, take, line)
        times = met[:, 0]
        beside = np.searchsorted(times, times + _TOGETHER) - np.searchsorted(times, times - _TOGETHER, "right")
        weights = 1 / np.maximum(1, beside)
        moments = float(weights.sum())
        if moments < _FEWEST:
            return line
        middle = float(weights @ times) / moments
        late, away = met[:, 1] - times - placed, times - middle
        rest = met[:, 1] - line.of(times)
        spread = max(_STEADIEST, float(np.sqrt(weights @ np.square(rest - weights @ rest / moments) / moments)))
        slope = (weights * away) @ late / ((weights * away) @ away + (spread / (USUAL_PPM / 1e6)) ** 2)
        place = weights @ late / (moments + (spread / _PLACED) ** 2)
        line = Line(start=float(placed + place - slope * middle), slope=float(slope))
    return line

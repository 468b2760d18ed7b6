"""How far off a take is laid, by its recorder's clock and by its notes as they were sung."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crowdcut.song.takes import Alignment
from renderers.song.note_line import line_of
from renderers.song.note_onsets import FRAMES_A_SECOND

NEAR_MS = 10.0
"""What the design promises."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A take whose maker knows where all of it lies."""

    seconds: int
    """Length of the song."""
    lead: float
    """Seconds before it, by the guide's clock."""
    ppm: float
    """How much faster the take's clock runs."""
    notes: Numbers
    """Seconds of the song at which its notes begin, ascending."""
    sung: Numbers
    """Seconds of the take at which these were begun."""

    @property
    def places(self) -> Numbers:
        """Seconds of the song at which it is judged: start, middle, end."""
        return np.array([0.0, self.seconds / 2, self.seconds])

    @property
    def by_clock(self) -> Numbers:
        """Seconds of the take at these places, as its recorder's clock ran."""
        return (self.lead + self.places) * (1 + self.ppm / 1e6)

    @property
    def by_notes(self) -> Numbers:
        """The same by least squares through the notes as they were sung: what is heard as together."""
        return np.polyval(np.polyfit(self.notes, self.sung, 1), self.places).astype(np.float64)

    @property
    def knowable(self) -> Numbers:
        """The same by Crowdcut's own line, drawn through the true times of all notes."""
        met = np.stack([self.notes, self.sung], axis=1) * FRAMES_A_SECOND
        line = line_of(met, self.lead * FRAMES_A_SECOND)
        assert line is not None
        return line.of(self.places * FRAMES_A_SECOND) / FRAMES_A_SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Off:
    """How far off one line is."""

    mean_ms: float
    """The mean of the song's, which is its middle's."""
    worst_ms: float
    """The most of its start, middle and end."""


def off(found: Numbers, truth: Numbers) -> Off:
    """How far off start, middle and end are found."""
    away = np.abs(found - truth) * 1000
    return Off(mean_ms=float(away[1]), worst_ms=float(away.max()))


def laid(found: Alignment, truth: Truth) -> Numbers:
    """Seconds of the take at its song's start, middle and end, as an alignment has them."""
    return float(found.offset) + truth.places * float(found.speed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Of many takes."""

    median_ms: float
    most_ms: float
    near: int
    """How many are within :data:`NEAR_MS`."""
    takes: int

    def __str__(self) -> str:
        return f"{self.median_ms:.1f} {self.most_ms:5.1f} {self.near:3d}"


def summary(away_ms: Sequence[float]) -> Summary:
    """Of the errors of some takes, at least one."""
    near = sum(one <= NEAR_MS for one in away_ms)
    return Summary(
        median_ms=round(float(np.median(away_ms)), 1), most_ms=round(max(away_ms), 1), near=near, takes=len(away_ms)
    )

"""Where a song's beats and bars are, as the job that listens to it finds them or as its library entry says."""

from dataclasses import dataclass
from fractions import Fraction

CONFIDENCE_LEAST = 0.5
"""Below it nobody can cut to a song."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beats:
    """A song's beats and bars: the facts of a ``beats`` job."""

    times: tuple[Fraction, ...]
    """Source time of each beat, seconds, rising."""
    bar_starts: tuple[int, ...]
    """Which of ``times`` begin a bar, as indexes, rising."""
    bpm: Fraction
    """Beats a minute, the median over the song."""
    meter: int
    """Beats in a bar."""
    confidence: float
    """0..1: the share of beats with an onset where they are; 1 where the library gives ``bpm`` and ``first_bar``."""
    guessed: bool
    """Whether bars were found by listening: the strongest phase of ``meter`` beats."""

    @property
    def bars(self) -> tuple[Fraction, ...]:
        """Source times at which bars begin, seconds."""
        return tuple(self.times[one] for one in self.bar_starts)

"""Where a song's beats and bars are, as the job that listens to it finds them or as its library entry says."""

from dataclasses import dataclass
from fractions import Fraction

CONFIDENCE_LEAST = 0.52
"""Below it nobody can cut to a song. Songs with a beat reach 0.62 and more (0.5 where a slow one is counted at twice
its tempo), free playing 0.54; noise, rain, speech and knocks 0.2 to 0.5, a held chord nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beats:
    """A song's beats and bars: the facts of a ``beats`` job."""

    times: tuple[Fraction, ...]
    """Source time of each beat, seconds, rising."""
    bar_starts: tuple[int, ...]
    """Which of ``times`` begin a bar, as indexes, rising."""
    bpm: Fraction
    """Beats a minute, the median over the song; 0 where there are none."""
    meter: int
    """Beats in a bar."""
    confidence: float
    """0..1: the share of beats with an onset where they are, less where they are few; 1 where the library gives
    ``bpm`` and ``first_bar``."""
    guessed: bool
    """Whether bars were found by listening: the strongest phase of ``meter`` beats."""
    other_bpm: Fraction | None = None
    """Twice or half the tempo, where the beat may as well be counted so; None where that is unlikely."""
    heard: float | None = None
    """0..1, where the library gives ``bpm`` and ``first_bar``: the share of beats that are heard near that tempo; None
    elsewhere, and where the sound is too short to tell."""
    apart_ms: float = 0.0
    """How far these lie from the ones that are given, at most over a few bars, milliseconds."""
    heard_bpm: Fraction | None = None
    """Their tempo."""

    @property
    def bars(self) -> tuple[Fraction, ...]:
        """Source times at which bars begin, seconds."""
        return tuple(self.times[one] for one in self.bar_starts)

"""Where a take lies against the guide that it was sung to, as the job that listens to both finds it."""

from dataclasses import dataclass
from fractions import Fraction

CONFIDENCE_LEAST = 0.5
"""Below it a take is not of the guide's song. What was measured of both is in docs/music.md."""

FEWEST = 3
"""Windows of a song (6 s, every 3 s) by which anything can be said of a take."""

WIDTH = Fraction(7, 10)
"""How far to each side a choir reaches, of all the way: nobody is heard on one side alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A take's clock against its guide's: the facts of an ``align`` job."""

    offset: Fraction
    """Source time of the take at the guide's source time 0, seconds; negative where it begins later than the guide."""
    drift_ppm: int
    """How much faster the take's clock runs, in millionths."""
    confidence: float
    """0..1: ``d / (d + 2)``, where the take lies ``d`` deviations (of all places) better than anywhere else over the
    guide, times ``windows / (windows + 4)``; 0 where there are too few windows."""
    residual_ms: float
    """How far single windows lie from the line, median: the singer's own timing and the measurement's."""
    windows: int
    """How many windows of the song the take sounds in."""
    strays: Fraction | None = None
    """Source time from which half a minute of it lies at another place of the song than the whole: verses in another
    order."""
    semitones: int = 0
    """By how many semitones it is sung higher than its guide, -5..6, octaves apart."""

    @property
    def trusted(self) -> bool:
        """Whether it is a take of its guide's song, in its key, and all of it lies in time."""
        return self.confidence >= CONFIDENCE_LEAST and self.strays is None and not self.semitones

    @property
    def speed(self) -> Fraction:
        """Source seconds of the take in a second of the guide."""
        return 1 + Fraction(self.drift_ppm, 1_000_000)

    def take_time(self, guide_time: Fraction) -> Fraction:
        """Source time of the take at a source time of its guide, seconds."""
        return self.offset + guide_time * self.speed

    def guide_time(self, take_time: Fraction) -> Fraction:
        """Source time of the guide at a source time of the take, seconds."""
        return (take_time - self.offset) / self.speed

"""Where a take lies against the guide that it was sung to, as the job that listens to both finds it."""

from dataclasses import dataclass
from fractions import Fraction

CONFIDENCE_LEAST = 0.5
"""Below it a take is not of the guide's song. Takes that are reach 0.8 and more, those of other songs 0.2."""

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
    """0..1: the share of the song's windows that lie where the song's line says, rather than anywhere else."""
    residual_ms: float
    """How far single windows lie from the line, RMS: the singer's own timing and the measurement's."""
    windows: int
    """How many windows of the song the take sounds in."""

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

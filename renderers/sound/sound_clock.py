"""Where decoded sound belongs: the timestamps of its frames obeyed as far as they can be believed.

Examination and every job that reads sound go by this one clock, so that a sound lasts as long as it is heard.
"""

from dataclasses import dataclass
from fractions import Fraction

from av import AudioFrame

from crowdcut.timing import nearest

# Timestamps this close to where the sound is are a muxer's rounding, not a gap: milliseconds in Matroska and FLV,
# jitter of browsers' recordings. Well inside what ITU-R BT.1359 calls undetectable between picture and sound.
_SLACK = Fraction(1, 50)
FURTHEST_AHEAD = 3600
"""Seconds. A timestamp that jumps further ahead is not believed; smaller gaps are silence."""
_FURTHEST_BACK = 1
"""Seconds. A timestamp that jumps further back is not believed: two recordings were put one behind the other, each with
its own clock. Smaller overlaps are cut."""
_WITHOUT_TIMESTAMPS = frozenset({"aac"})
"""Formats whose packets FFmpeg stamps by the rate of the first one, whatever rate the others have."""


def is_reckoned(container: str) -> bool:
    """Whether FFmpeg makes up the timestamps of this format of files."""
    return container in _WITHOUT_TIMESTAMPS


@dataclass(slots=True, kw_only=True)
class SoundClock:
    """Tells of one frame after another where it belongs."""

    origin: Fraction = Fraction(0)
    """Timestamp that is source time 0, seconds; it moves where the file's clock jumps."""
    reckoned_rate: int | None = None
    """Samples a second by which a file without timestamps was given them; those at another rate are wrong. None: it
    has its own."""
    rate: int | None = None
    """Of the last frame, samples a second; None: none came yet."""
    end_exclusive: int = 0
    """Source sample after the last frame, at its rate."""
    jumps: int = 0
    """Leaps of the timestamps that were not believed."""
    _due: int | None = None
    """Timestamp of a frame that just follows the last one; None where a tick is no sample."""

    def place(self, frame: AudioFrame) -> int:
        """Source sample, at its own rate, at which the next frame begins: where the last one ended, unless its
        timestamp says otherwise."""
        place = self._place(frame)
        self.rate, self.end_exclusive = frame.rate, place + frame.samples
        return place

    @property
    def end(self) -> Fraction:
        """Source time after the last frame, seconds."""
        return Fraction(self.end_exclusive, self.rate or 1)

    def _place(self, frame: AudioFrame) -> int:
        begun = self.rate is not None
        expected = self.end_exclusive * frame.rate // (self.rate or frame.rate)
        due, self._due = self._due, None
        if begun and self.reckoned_rate not in (None, frame.rate):
            return expected
        if frame.pts is None or frame.time_base is None:
            return expected
        if (frame.time_base.numerator, frame.time_base.denominator) == (1, frame.rate):
            self._due = frame.pts + frame.samples
        if self.rate == frame.rate and frame.pts == due:
            return expected  # most frames of most files: fractions would cost as much as the decoding
        told = nearest((frame.pts * frame.time_base - self.origin) * frame.rate)
        if not begun:
            return told
        ahead = told - expected
        if not -_FURTHEST_BACK * frame.rate <= ahead <= FURTHEST_AHEAD * frame.rate:
            self.jumps += 1
            # The new clock is believed from here on, as if it had not jumped.
            self.origin += Fraction(ahead, frame.rate)
            return expected
        return expected if abs(ahead) <= _SLACK * frame.rate else told

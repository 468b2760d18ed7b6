"""How pictures become fields: two each, or film's 2:3 pulldown, counted from the programme's first frame.

2:3 shows pictures for three and two fields in turn (A A A, B B, C C C, D D): 24 become 60. The first field of every
other pair is the lower one. MPEG-2 tells it by two bits of each picture, ``top_field_first`` and
``repeat_first_field`` (ISO/IEC 13818-2, 6.3.10), and codes no picture twice.
"""

from dataclasses import dataclass
from fractions import Fraction

from crowdcut.disc.standards import NTSC, Standard

FILM = Fraction(24000, 1001)
"""Pictures a second that 2:3 pulldown shows in NTSC's fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How the pictures of one programme are shown."""

    standard: Standard
    pulldown: bool

    @property
    def rate(self) -> Fraction:
        """Pictures a second."""
        return FILM if self.pulldown else self.standard.rate

    @property
    def gop_frames(self) -> int:
        """Most pictures in a group that keeps to the standard's fields, wherever in the cadence it begins."""
        fields = self.standard.gop_fields_max
        return fields * 2 // 5 if self.pulldown else fields // 2

    def first_field(self, frame: int) -> int:
        """The field at which picture ``frame`` of the programme begins."""
        return (5 * frame + 1) // 2 if self.pulldown else 2 * frame

    def fields(self, frame: int) -> int:
        """How many fields it is shown for: 2 or 3."""
        return self.first_field(frame + 1) - self.first_field(frame)

    def top_field_first(self, frame: int) -> bool:
        """Whether its first field is the upper one."""
        return self.first_field(frame) % 2 == 0

    def ticks(self, frame: int) -> int:
        """When it begins, in ticks of 90 kHz from the programme's start, rounded down as players' clocks are."""
        return int(self.first_field(frame) * self.standard.field_ticks)

    def nominal_time(self, frame: int) -> Fraction:
        """When it begins, in seconds of 30 (PAL: 25) frames, as time codes count: NTSC's 29.97 take 0.1 % longer."""
        return Fraction(self.first_field(frame), 2 * round(self.standard.rate))

    def timecode(self, frame: int) -> tuple[int, int, int, int]:
        """Hours, minutes, seconds and frames of the moment it begins, without drop frames, for a group's header."""
        number = self.first_field(frame) // 2
        nominal = round(self.standard.rate)
        seconds, frames = divmod(number, nominal)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return hours % 24, minutes, seconds, frames


def cadence_for(standard: Standard, programme_rate: Fraction) -> Cadence:
    """How a programme of so many frames a second is shown: film on NTSC keeps its own pictures."""
    film = standard is NTSC and programme_rate in (Fraction(24), FILM)
    return Cadence(standard=standard, pulldown=film)

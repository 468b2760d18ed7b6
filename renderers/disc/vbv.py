"""The decoder's buffer that a piece must keep to so that pieces can be joined in any order (ISO/IEC 13818-2, annex C).

Pieces that are each legal alone are not when joined: six of them came to be 787 kbit short. So there is an agreement:
whoever is joined before it, a piece finds at least ``AGREED_BITS`` in the buffer and leaves at least as many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from crowdcut.disc.cadence import Cadence
from crowdcut.disc.standards import VBV_BITS

AGREED_BITS = 1_200_000
"""What is in the buffer when a piece's first picture is taken out of it."""
ARRIVING_BITS = 9_200_000
"""Bits of picture a second that reach the buffer at least: a disc's 10.08 Mb/s without packet headers (1.6 %),
navigation packs (0.04 Mb/s), AC-3 at 256 kb/s, and the largest subpicture of 53 kB within a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer:
    """What a piece does to the buffer, in bits."""

    lowest_bits: int
    """Right after a picture was taken out; below 0 the decoder would have waited."""
    end_bits: int
    """When the next piece's first picture is taken out."""

    @property
    def keeps_agreement(self) -> bool:
        """Whether any piece may stand before and after it."""
        return self.lowest_bits >= 0 and self.end_bits >= AGREED_BITS


def _filled(picture_bits: Sequence[int], cadence: Cadence, first_frame: int) -> tuple[Fraction, Fraction]:
    """The lowest and the last fullness over a piece that begins at a frame of the programme."""
    arriving = ARRIVING_BITS / (2 * cadence.standard.rate)
    held = lowest = Fraction(AGREED_BITS)
    for frame, bits in enumerate(picture_bits, first_frame):
        held -= bits
        lowest = min(lowest, held)
        held = min(Fraction(VBV_BITS), held + cadence.fields(frame) * arriving)
    return lowest, held


def buffer_of(picture_bits: Sequence[int], cadence: Cadence) -> Buffer:
    """The buffer over a piece's pictures, in the order in which they are decoded, wherever the piece stands.

    Its first picture may last two fields or three. Neither is always the worse: what arrives in a full buffer is lost.
    """
    lowest, end = zip(*(_filled(picture_bits, cadence, first) for first in (0, 1)), strict=True)
    return Buffer(lowest_bits=floor(min(lowest)), end_bits=floor(min(end)))

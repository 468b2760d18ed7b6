"""What looking through the used range of a clip found: what is never lit at its edges, and where the most happens."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Measured on the upright picture, BT.709 limited range (black is 16), over every picture of the range."""

    width: int
    """Pixels of the picture that was measured; it may be smaller than the clip's own."""
    height: int
    row_peaks: tuple[int, ...]
    """For each row, top first, the brightest luma that any of its pixels had at any time."""
    row_lit: tuple[int, ...]
    """For each row, how many of its pixels were plainly lit at some time (luma above 32)."""
    column_peaks: tuple[int, ...]
    column_lit: tuple[int, ...]
    track: tuple[tuple[int, int], ...] = ()
    """Where the most happens, thousandths of width and height, one every ``every`` seconds from the range's start."""
    every: Fraction = Fraction(1)

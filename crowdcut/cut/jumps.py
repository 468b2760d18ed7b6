"""Music that jumps from bar line to bar line, as the stretches that it is played in."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from crowdcut.cut.placed import Jump, PlacedSound
from crowdcut.timing import SAMPLE_RATE

FADE_SAMPLES = SAMPLE_RATE // 20
"""Crossfade of a jump: 50 ms, which end on the bar line, so that its first note is the new bar's alone. Shorter than
the shortest notes of most music, long enough for a tone of 40 Hz to go in silence."""
SHORTEST_SAMPLES = 3 * SAMPLE_RATE // 1000
"""Where nothing of the song lies before the bar line that is jumped to: 3 ms, so that it does not click."""


def _crossfade(jump: Jump, placed: PlacedSound, room: int) -> int:
    """Samples of a jump's crossfade: what there is before the bar line, in the song and since the jump before."""
    before = int((jump.source - placed.source_start) / placed.speed * SAMPLE_RATE)
    return min(max(SHORTEST_SAMPLES, min(FADE_SAMPLES, before)), room // 2)


def parts_of(placed: PlacedSound) -> Iterator[PlacedSound]:
    """The stretches that a sound is played in, one after another and crossfaded with equal power; itself where it does
    not jump."""
    if not placed.jumps:
        yield placed
        return
    begins = (0, *(jump.at_samples for jump in placed.jumps))
    ends = (*begins[1:], placed.length_samples)
    steps = zip(placed.jumps, begins, strict=False)
    fades = [0, *(_crossfade(jump, placed, jump.at_samples - at) for jump, at in steps)]
    sources = (placed.source_start, *(jump.source for jump in placed.jumps))
    for number, (begin, end, source) in enumerate(zip(begins, ends, sources, strict=True)):
        lead, last = fades[number], number == len(placed.jumps)
        yield replace(
            placed,
            jumps=(),
            source_start=source - Fraction(lead, SAMPLE_RATE) * placed.speed,
            start_sample=placed.start_sample + begin - lead,
            length_samples=end - begin + lead,
            fade_in_samples=lead if number else placed.fade_in_samples,
            fade_out_samples=placed.fade_out_samples if last else fades[number + 1],
            fade="equal-power",
        )

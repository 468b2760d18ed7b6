"""Music that jumps from bar line to bar line, as the stretches that it is played in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, pairwise

from crowdcut.cut.placed import Jump, PlacedSound
from crowdcut.sound.orders import Cue
from crowdcut.timing import SAMPLE_RATE, clock

_FADE_SAMPLES = SAMPLE_RATE // 20
"""Crossfade of a jump: 50 ms, which end on the bar line, so that its first note is the new bar's alone. Shorter than
the shortest notes of most music, long enough for a tone of 40 Hz to go in silence."""
_LEAST_SAMPLES = 3 * SAMPLE_RATE // 1000
"""Where nothing of the song lies before a bar line that is jumped to, they meet there as a loop's rounds do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a sound that is played without a jump."""

    sound: PlacedSound
    """With the whole sound's fades."""
    whole: PlacedSound
    joint_samples: int = 0
    """Of the crossfades at its ends, where it is joined to others."""

    def cue(self, cue: Cue) -> Cue:
        """The stretch's cue, with the whole sound's fades and its joints."""
        if not self.whole.jumps:
            return cue
        length, before = self.whole.length_samples, self.sound.start_sample - self.whole.start_sample
        return replace(
            cue,
            fade_in_samples=min(self.whole.fade_in_samples, length),
            fade_out_samples=min(self.whole.fade_out_samples, length),
            before_samples=before,
            after_samples=length - before - self.sound.length_samples,
            joint_samples=self.joint_samples,
            joint="equal-power",
        )


def jumps_told(jumps: tuple[Jump, ...]) -> str:
    """Where a music jumps, in words; empty where it does not."""
    pairs = [f"from {clock(jump.source_before)} to {clock(jump.source)}" for jump in jumps]
    counted = [(pair, len(list(same))) for pair, same in groupby(pairs)]
    return ", ".join(pair if times == 1 else f"{pair} {times} times" for pair, times in counted)


def _lead(placed: PlacedSound, begins: tuple[int, ...]) -> int:
    """Samples that each stretch begins before its bar line: what there is of the song, and of the stretch before."""
    first = min(jump.source for jump in placed.jumps)
    before = int((first - placed.source_start) / placed.speed * SAMPLE_RATE)
    shortest = min(after - at for at, after in pairwise(begins))
    lead = min(_FADE_SAMPLES, before, shortest // 2)
    return lead if lead >= _LEAST_SAMPLES else 0


def stretches_of(placed: PlacedSound) -> Iterator[Stretch]:
    """What a sound is played in, one after another and crossfaded with equal power; itself where it does not jump."""
    if not placed.jumps:
        yield Stretch(sound=placed, whole=placed)
        return
    begins = (0, *(jump.at_samples for jump in placed.jumps))
    sources = (placed.source_start, *(jump.source for jump in placed.jumps))
    lead = _lead(placed, begins)
    for begin, end, source in zip(begins, (*begins[1:], placed.length_samples), sources, strict=True):
        early = lead if begin else 0
        sound = replace(
            placed,
            source_start=source - Fraction(early, SAMPLE_RATE) * placed.speed,
            start_sample=placed.start_sample + begin - early,
            length_samples=end - begin + early,
        )
        yield Stretch(sound=sound, whole=placed, joint_samples=max(lead, min(_LEAST_SAMPLES, (end - begin) // 2)))

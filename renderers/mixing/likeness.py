"""How alike two sounds are that are crossfaded: with what they have in common their power would swell.

Two recordings have nothing in common, and an equal-power crossfade keeps their power. The same sound on both sides, as
where a clip dissolves into itself, would be 3 dB louder in the middle; a drone on both sides something between.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from crowdcut.sound.orders import Cue
from renderers.mixing.cues import Voice, samples_of
from renderers.sound.pcm import BLOCK_SAMPLES


def _ends(cue: Cue) -> tuple[int, int]:
    """Samples of the equal-power crossfades in which a cue comes and goes: its own fades, or where it is a part of a
    sound that jumps, its joints; 0 for none."""
    joint = cue.joint_samples if cue.joint == "equal-power" else 0
    fades = (cue.fade_in_samples, cue.fade_out_samples) if cue.fade == "equal-power" else (0, 0)
    coming, going = (
        joint if beyond else fade for beyond, fade in zip((cue.before_samples, cue.after_samples), fades, strict=True)
    )
    return min(coming, cue.length_samples), min(going, cue.length_samples)


def _crossfades(voices: Sequence[Voice]) -> Iterator[tuple[int, int, int]]:
    """The numbers of a sound that goes and of one that comes meanwhile, to the sample, and no other with them; and how
    many samples that takes."""
    going: dict[tuple[int, int], list[int]] = {}
    coming: dict[tuple[int, int], list[int]] = {}
    for number, voice in enumerate(voices):
        comes, goes = _ends(voice.cue)
        coming.setdefault((voice.cue.start_sample, comes), []).append(number)
        going.setdefault((voice.end_exclusive - goes, goes), []).append(number)
    for (start, length), before in going.items():
        after = coming.get((start, length), [])
        if length and len(before) == len(after) == 1:
            yield before[0], after[0], length


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Two sounds that are crossfaded, as they were heard of each other: both at their files' own level."""

    before: int
    """The number of the sound that goes."""
    after: int
    """The number of the sound that comes meanwhile."""
    product: float
    """The sum of their samples' products."""
    powers: tuple[float, float]
    """The sum of their squares: of the one that goes, of the one that comes."""

    def alike(self, before: float, after: float) -> float:
        """What they have in common at these amplitudes, 0..1 to a hundredth: twice their product by the sum of their
        powers. 1: they are the same, and as loud; 0 also where one is upside down.
        """
        power = before**2 * self.powers[0] + after**2 * self.powers[1]
        return round(max(0.0, 2 * before * after * self.product / power), 2) if power else 0.0


def meetings(voices: Sequence[Voice]) -> list[Meeting]:
    """All crossfades of ``voices``, listened to; their amplitudes do not matter."""
    met = []
    for before, after, length in _crossfades(voices):
        going, coming = voices[before], voices[after]
        product = gone = come = 0.0
        for start in range(0, length, BLOCK_SAMPLES):
            count = min(BLOCK_SAMPLES, length - start)
            one = samples_of(going, going.cue.length_samples - length + start, count)
            other = samples_of(coming, start, count)
            product += float(np.multiply(one, other, dtype=np.float64).sum())
            gone += float(np.square(one, dtype=np.float64).sum())
            come += float(np.square(other, dtype=np.float64).sum())
        met.append(Meeting(before=before, after=after, product=product, powers=(gone, come)))
    return met


def having_met(voices: Sequence[Voice], met: Sequence[Meeting]) -> list[Voice]:
    """The same voices, each knowing how alike it is to the one that it comes or goes with."""
    known = list(voices)
    for one in met:
        alike = one.alike(known[one.before].amplitude, known[one.after].amplitude)
        known[one.before] = replace(known[one.before], alike_out=alike)
        known[one.after] = replace(known[one.after], alike_in=alike)
    return known

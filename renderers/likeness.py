"""How alike two sounds are that are crossfaded: with what they have in common their power would swell.

Two recordings have nothing in common, and an equal-power crossfade keeps their power. The same sound on both sides, as
where a clip dissolves into itself, would be 3 dB louder in the middle; a drone on both sides something between.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from crowdcut.sound_orders import Cue
from renderers.cues import Voice, samples_of
from renderers.pcm import BLOCK_SAMPLES


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


def _alike(before: Voice, after: Voice, length: int) -> float:
    """What the last ``length`` samples of one sound and the first of another have in common, 0..1 to a hundredth: twice
    their product by the sum of their powers. 1: they are the same, and as loud; 0 also where one is upside down.
    """
    common = powers = 0.0
    for start in range(0, length, BLOCK_SAMPLES):
        count = min(BLOCK_SAMPLES, length - start)
        one = samples_of(before, before.cue.length_samples - length + start, count) * np.float32(before.amplitude)
        other = samples_of(after, start, count) * np.float32(after.amplitude)
        common += float(np.multiply(one, other, dtype=np.float64).sum())
        powers += float(np.square(one, dtype=np.float64).sum() + np.square(other, dtype=np.float64).sum())
    return round(max(0.0, 2 * common / powers), 2) if powers else 0.0


def having_heard_each_other(voices: Iterable[Voice]) -> list[Voice]:
    """The same voices, each knowing how alike it is to the one that it comes or goes with."""
    known = list(voices)
    for before, after, length in _crossfades(known):
        alike = _alike(known[before], known[after], length)
        known[before] = replace(known[before], alike_out=alike)
        known[after] = replace(known[after], alike_in=alike)
    return known

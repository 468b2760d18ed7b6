"""How alike two sounds are that are crossfaded: with what they have in common their power would swell.

Two recordings have nothing in common, and an equal-power crossfade keeps their power. The same sound on both sides, as
where a clip dissolves into itself, would be 3 dB louder in the middle; a drone on both sides something between.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from renderers.cues import Voice, samples_of
from renderers.pcm import BLOCK_SAMPLES


def _crossfades(voices: Sequence[Voice]) -> Iterator[tuple[int, int]]:
    """The numbers of a sound that goes and of one that comes meanwhile, to the sample, and no other with them."""
    going: dict[tuple[int, int], list[int]] = {}
    coming: dict[tuple[int, int], list[int]] = {}
    for number, voice in enumerate(voices):
        cue = voice.cue
        if cue.fade == "equal-power" and not cue.after_samples:
            going.setdefault((voice.end_exclusive, cue.fade_out_samples), []).append(number)
        if cue.fade == "equal-power" and not cue.before_samples:
            coming.setdefault((cue.start_sample + cue.fade_in_samples, cue.fade_in_samples), []).append(number)
    for place, before in going.items():
        after = coming.get(place, [])
        if len(before) == len(after) == 1 and place[1]:
            yield before[0], after[0]


def _alike(before: Voice, after: Voice) -> float:
    """What two sounds have in common while one goes and the other comes, 0..1 to a hundredth: twice their product by
    the sum of their powers. 1: they are the same, and as loud; 0 also where one is the other upside down.
    """
    length = min(before.cue.fade_out_samples, before.cue.length_samples, after.cue.length_samples)
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
    for before, after in _crossfades(known):
        alike = _alike(known[before], known[after])
        known[before] = replace(known[before], alike_out=alike)
        known[after] = replace(known[after], alike_in=alike)
    return known

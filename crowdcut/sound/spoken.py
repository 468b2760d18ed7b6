"""Where somebody speaks in the programme: from what was heard of each contribution to programme samples."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from crowdcut.sound.orders import Cue

Runs = list[tuple[int, int]]
"""Stretches from one sample to one exclusive, in order, without overlap."""


def merged(runs: Iterable[Sequence[int]], gap_samples: int = 0) -> Runs:
    """The same stretches in order, as one where they overlap or are no further apart than ``gap_samples``."""
    together: Runs = []
    for start, end in sorted((run[0], run[1]) for run in runs):
        if together and start <= together[-1][1] + gap_samples:
            together[-1] = together[-1][0], max(together[-1][1], end)
        else:
            together.append((start, end))
    return together


def spoken_in(cue: Cue, speech: Iterable[Sequence[int]]) -> Runs:
    """Where a cue speaks, in programme samples.

    speech : stretches in samples of its stream's time at 48 kHz.
    """
    found = []
    for run in speech:
        first, last = (Fraction(end - cue.source_sample) / cue.speed for end in run[:2])
        start, end = max(0, int(min(first, last))), min(cue.length_samples, int(max(first, last)))
        if start < end:
            found.append((cue.start_sample + start, cue.start_sample + end))
    return merged(found)

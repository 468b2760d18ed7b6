"""Whether a take is sung in another key than its guide. One a semitone off begins its notes when the guide's begin, and
each sounds a little in the pitch class beside its own: so it may lie well where it belongs, as if it were in tune."""

import numpy as np

from renderers.note_onsets import Onsets
from renderers.pitch_classes import CLASSES

_CLEARLY = 1.15
"""Times as well as in the guide's own key that a take must agree with it in another. Who sings half a semitone off
agrees with it in both alike."""


def semitones_higher(guide: Onsets, take: Onsets, place: int) -> int:
    """By how many semitones (-5 to 6, octaves apart) a take that lies at frame ``place`` is sung higher than its guide;
    0 where it is not clearly."""
    first, last = max(0, -place), min(len(guide), len(take) - place)
    if first >= last:
        return 0
    agreed = guide[first:last].T @ take[first + place : last + place]
    classes = np.arange(CLASSES)
    in_keys = np.array([agreed[classes, (classes + by) % CLASSES].sum() for by in range(CLASSES)])
    best = int(in_keys.argmax())
    if in_keys[best] <= _CLEARLY * in_keys[0]:
        return 0
    return best if best <= CLASSES // 2 else best - CLASSES

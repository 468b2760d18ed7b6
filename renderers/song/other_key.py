"""Whether a take is sung in another key than its guide. One a semitone off begins its notes when the guide's begin, and
each sounds a little in the pitch class beside its own: so it may lie well where it belongs, as if it were in tune."""

import numpy as np

from renderers.song.note_onsets import Onsets
from renderers.song.pitch_classes import CLASSES

_BESIDE, _ELSEWHERE = 1.15, 2.0
"""Times as well as in the guide's own key that a take must agree with it a semitone away, and in any other key. Who
sings half a semitone off agrees with it in two keys alike; a second voice that is now a fifth away, now in unison, in
more."""


def semitones_higher(guide: Onsets, take: Onsets, place: int) -> int:
    """By how many semitones (-5 to 6, octaves apart) a take that lies at frame ``place`` is sung higher than its guide;
    0 where it is not clearly."""
    first, last = max(0, -place), min(len(guide), len(take) - place)
    if first >= last:
        return 0
    # What all classes have in common, a drum or a strum, is in every key.
    mine, theirs = guide[first:last], take[first + place : last + place]
    mine, theirs = (one - one.mean(axis=1, keepdims=True) for one in (mine, theirs))
    agreed, classes = mine.T @ theirs, np.arange(CLASSES)
    in_keys = np.array([agreed[classes, (classes + by) % CLASSES].sum() for by in range(CLASSES)])
    best = int(in_keys.argmax())
    higher = best if best <= CLASSES // 2 else best - CLASSES
    return higher if in_keys[best] > (_BESIDE if abs(higher) == 1 else _ELSEWHERE) * max(0.0, in_keys[0]) else 0

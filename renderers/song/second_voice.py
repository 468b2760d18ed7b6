"""A take as its song would be heard in it: by the melody's own notes, or by a second voice's, a third or a sixth away.

A third of a scale is now three semitones, now four. So each note of a second voice is heard as both that it may go
with; the wrong ones agree with the song nowhere in particular. A take in another key is all three away or all four.
"""

import numpy as np

from renderers.onsets import Sung
from renderers.song.note_times import Notes
from renderers.song.pitch_classes import CLASSES

Intervals = tuple[int, ...]
MELODY: Intervals = (0,)
SECOND_VOICES: tuple[Intervals, ...] = ((3, 4), (8, 9))
"""Semitones over the melody: a third higher (or a sixth lower), a third lower (or a sixth higher)."""


def _lowered(notes: Notes, by: int) -> Notes:
    return np.stack([notes[:, 0], (notes[:, 1] - by) % CLASSES], axis=1)


def heard_as(take: Sung, intervals: Intervals) -> Sung:
    """The take, each of its notes lowered by each of these intervals."""
    onsets = np.sum([np.roll(take.onsets, -by, axis=1) for by in intervals], axis=0)
    notes = np.concatenate([_lowered(take.notes, by) for by in intervals])
    return Sung(onsets=onsets, notes=notes[np.argsort(notes[:, 0], kind="stable")])

"""Where notes begin in a sound, pitch class by pitch class: what a song's takes have in common, whoever sings it.

A singer an octave higher, with another voice in another room, begins the same pitch classes at nearly the same times.
"""

import numpy as np
from numpy.typing import NDArray

from renderers.song.pitch_classes import CLASSES, RATE, Heard, Powers, powers_of

Onsets = NDArray[np.float64]
"""[shape=(frames, 12)] how strongly each pitch class begins, :data:`FRAMES_A_SECOND`; of about the same strength
throughout, silence apart."""

FRAMES_A_SECOND = 100
_WINDOW = 2048
"""Samples, 171 ms: a semitone at 200 Hz is told from the next."""
_DEPTH = 100.0
"""Compression: a note counts from where it is 20 dB under the usual, so that a slow attack moves it less."""
STEP = 2
"""Frames to either side between which a rise is taken."""
_BLUR_FRAMES = 6.0
"""Deviation of the blur, 60 ms: notes that are 80 ms early and late still meet, and a correlation's peak is the mean
of their times rather than the time of most."""
_LEVELLING_FRAMES = 4 * FRAMES_A_SECOND
_QUIET = 0.01
"""Of the strongest: what is weaker is not brought up to the rest."""


def _blurred(rises: NDArray[np.float32]) -> Onsets:
    reach = int(4 * _BLUR_FRAMES)
    bell = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / _BLUR_FRAMES))
    return np.stack([np.convolve(rises[:, one], bell / bell.sum(), "same") for one in range(CLASSES)], axis=1)


def note_powers(heard: Heard) -> Powers:
    """Of a sound; frame n is at ``n / FRAMES_A_SECOND`` seconds."""
    return powers_of(heard, window=_WINDOW, hop=RATE // FRAMES_A_SECOND)


def rises_of(powers: Powers) -> NDArray[np.float32]:
    """[shape=(frames, 12)] by how much the compressed level of each pitch class rises; all zeros for silence."""
    rises = np.zeros_like(powers)
    usual = float(np.percentile(powers.sum(axis=1), 95)) / CLASSES
    if usual > 0 and len(powers) > 2 * STEP:
        depths = np.log1p(powers * np.float32(_DEPTH / usual))
        rises[STEP:-STEP] = np.maximum(0, depths[2 * STEP :] - depths[: -2 * STEP])
    return rises


def note_onsets(rises: NDArray[np.float32]) -> Onsets:
    """The onsets in a sound, of its rises; all zeros for silence, and for what is over in four seconds."""
    if not rises.any() or len(rises) <= _LEVELLING_FRAMES:
        return np.zeros(rises.shape)
    onsets = _blurred(rises)
    strength = np.convolve(np.square(onsets).sum(axis=1), np.ones(_LEVELLING_FRAMES) / _LEVELLING_FRAMES, "same")
    onsets /= np.sqrt(strength + _QUIET * strength.max())[:, None]
    return onsets - onsets.mean(axis=0)

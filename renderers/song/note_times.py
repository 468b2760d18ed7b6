"""When single notes of a song begin, to a few milliseconds, and as fairly to those that swell as to those struck.

A long window tells pitches apart and so finds the notes; in a short one the rise of each is seen. Where half of a note
is reached depends on how fast it comes (20 ms later for an attack 40 ms longer), where a tenth is reached less so: the
line through both, drawn on downwards, begins where the sound does.

A note that repeats its pitch is left out: its beginning shows only where it is late, and a take judged by those is laid
too late (4 ms in the mean of a song where they were counted).
"""

import numpy as np
from numpy.typing import NDArray

from renderers.song.note_onsets import FRAMES_A_SECOND
from renderers.song.pitch_classes import RATE, Heard, Powers, powers_of

Notes = NDArray[np.float64]
"""[shape=(notes, 2)] when each begins, in frames of :data:`FRAMES_A_SECOND`, ascending; and its pitch class."""

_FINER = 2
"""Frames of the short window in one of the long."""
_SHORT = 512
"""Samples, 43 ms: from 500 Hz on, where most of a voice's harmonics are, a tone is told from the next."""
_BESIDE = 8
"""Frames: of notes of one pitch class nearer to each other than this the one that rises most is taken."""
_LEAST = 1.0
"""Rise (of the compressed level) that is a note's."""
_LEADING = 0.6
"""Of the strongest pitch class just after: vibrato reaches into the next semitone, overtones into other classes."""
_AFTER = 8
"""Frames from a rise to where its note is at its level."""
_BEFORE_FINE, _AFTER_FINE = 40, 28
"""Fine frames about a rise that are looked at."""
_GROUND = slice(_BEFORE_FINE - 24, _BEFORE_FINE + 4)
"""Of them, those before the note, the lowest of which it rises from."""
_SILENT = slice(_BEFORE_FINE - 34, _BEFORE_FINE - 10)
"""Of them, those in which its pitch must not sound yet (their mean): 170 to 50 ms before."""
_STILL = 0.5
"""Of a note's level: what sounds more than this before is the same pitch."""
_LEVEL = slice(_BEFORE_FINE + 6, _BEFORE_FINE + 21)
"""Of them, those by which a note's own level is taken (their median): 30 to 100 ms after."""
_FOOT, _HALF, _REACHED = 0.1, 0.5, 0.8
"""Shares of that level, over what sounded before."""
_DRAWN_ON = 0.75
"""How far below its foot a rise is drawn on, of the time from there to its half. So notes are told alike for
attacks of 15 to 50 ms: within 1.7 ms in the mean of a song."""
_SLOWEST = 14
"""Fine frames from foot to half: what takes longer has no beginning."""
_PLAIN = 0.3
"""Of a note's level: what rises by less is no new note."""
_EARLY = 1.2
"""Frames by which the short window sees a note before it begins."""


def _largest(values: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """The largest of each column within ``reach`` rows."""
    padded = np.pad(values, ((reach, reach), (0, 0)))
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0).max(axis=-1)


def _candidates(powers: Powers, rises: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Frames and pitch classes of what may be notes."""
    around = np.pad(rises, ((1, 1), (0, 0)))
    smooth = (around[:-2] + around[1:-1] + around[2:]) / np.float32(3)
    after = np.pad(powers, ((0, _AFTER), (0, 0)))[_AFTER:]
    found = (smooth > _LEAST) & (smooth >= _largest(smooth, _BESIDE))
    found &= after >= _LEADING * after.max(axis=1, keepdims=True)
    frames, classes = np.nonzero(found)
    return frames, classes


def _last_crossing(
    rise: NDArray[np.float32], level: NDArray[np.float32], end: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Where each row last passes its level before its ``end``, between frames too; -1: nowhere."""
    below = (rise < level[:, None]) & (np.arange(rise.shape[1]) < end[:, None])
    at = rise.shape[1] - 1 - np.argmax(below[:, ::-1], axis=1)
    rows, found = np.arange(len(rise)), below.any(axis=1)
    at = np.where(found, np.minimum(at, rise.shape[1] - 2), 0)
    low, high = rise[rows, at].astype(np.float64), rise[rows, at + 1].astype(np.float64)
    return np.where(found, at + (level - low) / np.maximum(high - low, 1e-12), -1.0)


def _begun(rise: NDArray[np.float32]) -> NDArray[np.float64]:
    """Where each row's note begins; NaN where it does not."""
    level, ground = np.median(rise[:, _LEVEL], axis=1), rise[:, _GROUND].min(axis=1)
    height = level - ground
    reached = rise[:, _BEFORE_FINE : _BEFORE_FINE + 16] >= (ground + _REACHED * height)[:, None]
    end = _BEFORE_FINE + np.argmax(reached, axis=1)
    foot, half = (_last_crossing(rise, ground + share * height, end) for share in (_FOOT, _HALF))
    plain = (foot >= 0) & (half >= 0) & (height > _PLAIN * level) & (half - foot < _SLOWEST)
    plain &= rise[:, _SILENT].mean(axis=1) < _STILL * level
    return np.where(plain, foot - _DRAWN_ON * (half - foot), np.nan)


def note_times(heard: Heard, powers: Powers, rises: NDArray[np.float32]) -> Notes:
    """The notes of a sound of these powers and rises; none of silence."""
    frames, classes = _candidates(powers, rises)
    fine = np.sqrt(powers_of(heard, window=_SHORT, hop=RATE // (_FINER * FRAMES_A_SECOND)))
    fine = np.pad(fine, ((_BEFORE_FINE, _AFTER_FINE), (0, 0)))
    looked_at = np.arange(_BEFORE_FINE + _AFTER_FINE + 1)
    begun = _begun(fine[frames[:, None] * _FINER + looked_at, classes[:, None]])
    notes = np.stack([frames + (begun - _BEFORE_FINE) / _FINER + _EARLY, classes.astype(np.float64)], axis=1)
    notes = notes[np.isfinite(begun)]
    return notes[np.argsort(notes[:, 0], kind="stable")]

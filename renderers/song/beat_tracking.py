"""Where the beats of a song are, given its onsets: the path through time along which most of them lie.

D. P. W. Ellis, "Beat Tracking by Dynamic Programming" (2007), with the tempo as a part of the path: a beat is a moment
and the period that led to it, and the period may change from beat to beat for a price.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renderers.song.beat_onsets import FRAMES_A_SECOND, Numbers

SLOWEST, FASTEST = 50.0, 210.0
"""Beats a minute that are looked for."""
_USUAL_BPM, _OCTAVES = 115.0, 0.7
"""What tempo people tap to, and its deviation in octaves."""
_SHARE = 0.5
"""How an onset counts by its period, as a power of it: with 1 the slowest tempo wins, which has strong beats alone,
with 0 the fastest, which has most."""
_WAY = 0.03
"""How far a tempo that is given may be off: as a part of it."""
_NEAR = 4
_PRICE = 3.0 * np.square(np.arange(-_NEAR, _NEAR + 1) / _NEAR)
"""Of a period that is some frames longer or shorter than the one before, in seconds of usual onsets."""
_JUMP = 3.0
"""Price of any other change of tempo."""
_WINDOW = 8 * FRAMES_A_SECOND
_HOP = FRAMES_A_SECOND // 2
_AGAIN = ((1, 1.0), (2, 0.7), (4, 0.5))
"""After how many periods onsets are heard again, and how much that says."""

Frames = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempi:
    """Periods that a beat may have, frames, rising by one."""

    periods: Frames

    @property
    def seconds(self) -> Numbers:
        """[shape=(periods,)]"""
        return self.periods / FRAMES_A_SECOND


def tempi(bpm: float | None = None) -> Tempi:
    """All that are looked for, or those near ``bpm``."""
    fast, slow = (FASTEST, SLOWEST) if bpm is None else (bpm * (1 + _WAY), bpm * (1 - _WAY))
    return Tempi(periods=np.arange(int(60 * FRAMES_A_SECOND / fast), int(60 * FRAMES_A_SECOND / slow) + 2))


def _evidence(strength: Numbers, periods: Frames) -> Numbers:
    """[shape=(windows, periods)] how well the onsets around a moment repeat after each period, up to 1; a row for each
    ``_HOP`` frames."""
    window = max(_WINDOW, 8 * int(periods[-1]))
    padded = np.concatenate([np.zeros(window // 2), strength, np.zeros(window // 2)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, window)[::_HOP]
    size, shape = 1 << (2 * window - 1).bit_length(), np.hanning(window)
    found = np.zeros((len(windows), len(periods)))
    for number, one in enumerate(windows):
        again = np.fft.irfft(np.square(np.abs(np.fft.rfft(one * shape, size))), size)
        for times, weight in _AGAIN:
            near = [again[periods * times + aside] for aside in range(-times, times + 1)]
            found[number] += weight * np.max(near, axis=0) / (again[0] + 1e-9)
    return found / sum(weight for _, weight in _AGAIN)


def liking(bpm: Numbers) -> Numbers:
    """How readily each tempo is taken for the beat: 0 for the likeliest, less for others."""
    return -0.5 * np.square(np.log2(bpm / _USUAL_BPM) / _OCTAVES)


def struck(seconds: Numbers) -> Numbers:
    """What an onset counts for that ends a period of so many seconds; 0.5 for half a second."""
    return 0.5 * (2 * seconds) ** _SHARE


def tracked(strength: Numbers, among: Tempi) -> Frames:
    """The beats, in frames, rising: the best path through the onsets. Time and memory grow with the length: 0.3 s and
    8 MB a minute."""
    periods, seconds, count = among.periods, among.seconds, len(among.periods)
    onset = struck(seconds)
    drawn = seconds * (liking(60 / seconds) + _evidence(strength, periods))
    longest, lanes = int(periods[-1]), np.arange(count)
    best, last = np.zeros((longest, count)), np.full((longest, count), -np.inf)
    origin, back = np.full((longest, count), -1, np.int16), np.full((len(strength), count), -1, np.int16)
    padded = np.full(count + 2 * _NEAR, -np.inf)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEAR + 1)
    for frame in range(len(strength)):
        rows, row = (frame - periods) % longest, frame % longest
        scores = best[rows, lanes] + onset * strength[frame] + drawn[frame // _HOP]
        back[frame], last[row] = origin[rows, lanes], scores
        padded[_NEAR:-_NEAR] = scores
        options = around - _PRICE
        chosen = options.argmax(axis=1)
        value, top = options[lanes, chosen], int(scores.argmax())
        jumps = value < scores[top] - _JUMP
        best[row] = np.where(jumps, scores[top] - _JUMP, value)
        origin[row] = np.where(jumps, top, lanes + chosen - _NEAR)
    return _followed(back, last, periods)


def _followed(back: NDArray[np.int16], last: Numbers, periods: Frames) -> Frames:
    """The path back from its best end among the ``last`` rows (frames modulo their number)."""
    row, lane = (int(one) for one in np.unravel_index(int(last.argmax()), last.shape))
    frame, frames = len(back) - 1 - (len(back) - 1 - row) % len(last), list[int]()
    while lane >= 0 and frame >= 0:
        frames.append(frame)
        frame, lane = frame - int(periods[lane]), int(back[frame, lane])
    return np.array(frames[::-1], np.int64)

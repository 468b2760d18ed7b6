"""Where the beats of a song are, given its onsets: the path through time along which most of them lie.

D. P. W. Ellis, "Beat Tracking by Dynamic Programming" (2007), with the tempo as a part of the path: a beat is a moment
and the period that led to it, and the period may change from beat to beat for a price.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renderers.beat_onsets import FRAMES_A_SECOND, Numbers

SLOWEST, FASTEST = 50.0, 210.0
"""Beats a minute."""
_PERIODS = np.arange(round(60 * FRAMES_A_SECOND / FASTEST), round(60 * FRAMES_A_SECOND / SLOWEST) + 1)
_USUAL_BPM, _OCTAVES = 110.0, 0.6
"""What tempo people tap to, and its deviation in octaves."""
_LIKING = 0.5
_EVIDENCE = 2.0
_STRETCH = 3.0
"""Price of a small change of tempo."""
_NEAR = 4
_JUMP = 3.0
"""Price of any change of tempo, as seconds of usual onsets."""
_WINDOW = 8 * FRAMES_A_SECOND
_HOP = FRAMES_A_SECOND // 2


def tempo_evidence(strength: Numbers) -> Numbers:
    """[shape=(windows, periods)] how well the onsets around a moment repeat after each period; one each half second."""
    padded = np.concatenate([np.zeros(_WINDOW // 2), strength, np.zeros(_WINDOW // 2)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP] * np.hanning(_WINDOW)
    size = 1 << (2 * _WINDOW - 1).bit_length()
    again = np.fft.irfft(np.square(np.abs(np.fft.rfft(windows, size, axis=1))), size, axis=1)
    again /= again[:, :1] + 1e-9
    found = np.zeros((len(windows), len(_PERIODS)))
    for times, weight in ((1, 1.0), (2, 0.7), (4, 0.5)):
        near = np.stack([again[:, _PERIODS * times + aside] for aside in range(-times, times + 1)])
        found += weight * near.max(axis=0)
    return found / 2.2


def liking() -> Numbers:
    """[shape=(periods,)] how readily each tempo is taken for the beat, 0 for the likeliest, in units of evidence."""
    octaves = np.log2(60 * FRAMES_A_SECOND / _PERIODS / _USUAL_BPM)
    return -0.5 * np.square(octaves / _OCTAVES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Beats in frames, rising, and the period that led to each."""

    frames: NDArray[np.int64]
    periods: NDArray[np.int64]


def tracked(strength: Numbers) -> Path:
    """The best path through the onsets. Time and memory grow with the length: 1.5 s and 10 MB a minute."""
    weights = _PERIODS / FRAMES_A_SECOND
    fixed = weights * _LIKING * liking()
    drawn = weights * _EVIDENCE * tempo_evidence(strength)
    longest, count = int(_PERIODS[-1]), len(_PERIODS)
    price = _STRETCH * np.square(np.arange(-_NEAR, _NEAR + 1) / _NEAR)
    best = np.zeros((longest, count))
    origin = np.full((longest, count), -1, np.int16)
    last = np.full((longest, count), -np.inf)
    back = np.full((len(strength), count), -1, np.int16)
    lanes = np.arange(count)
    padded = np.full(count + 2 * _NEAR, -np.inf)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEAR + 1)
    for frame in range(len(strength)):
        rows, row = (frame - _PERIODS) % longest, frame % longest
        scores = best[rows, lanes] + weights * strength[frame] + fixed + drawn[min(frame // _HOP, len(drawn) - 1)]
        back[frame], last[row] = origin[rows, lanes], scores
        padded[_NEAR:-_NEAR] = scores
        options = around - price
        chosen = options.argmax(axis=1)
        value, top = options[lanes, chosen], int(scores.argmax())
        jumps = value < scores[top] - _JUMP
        best[row] = np.where(jumps, scores[top] - _JUMP, value)
        origin[row] = np.where(jumps, top, lanes + chosen - _NEAR)
    return _followed(back, last)


def _followed(back: NDArray[np.int16], last: Numbers) -> Path:
    """The path back from its best end among the ``last`` rows (frames modulo their number)."""
    row, lane = (int(one) for one in np.unravel_index(int(last.argmax()), last.shape))
    frame = len(back) - 1 - (len(back) - 1 - row) % len(last)
    frames, periods = [], []
    while lane >= 0:
        frames.append(frame)
        periods.append(int(_PERIODS[lane]))
        frame, lane = frame - int(_PERIODS[lane]), int(back[frame, lane])
    return Path(frames=np.array(frames[::-1], np.int64), periods=np.array(periods[::-1], np.int64))

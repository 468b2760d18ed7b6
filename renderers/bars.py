"""Which beats begin bars: those of the strongest phase."""

import numpy as np
from numpy.typing import NDArray

from renderers.beat_onsets import FRAMES_A_SECOND, Curve, Numbers

_NEAR = FRAMES_A_SECOND // 25
"""Frames to either side of a beat in which its onset is: 40 ms."""


def _at(curve: Numbers, frames: NDArray[np.int64]) -> Numbers:
    """The most of ``curve`` near each frame."""
    padded = np.pad(curve, _NEAR)
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEAR + 1)[frames].max(axis=1)


def _changes(harmony: Numbers, frames: NDArray[np.int64]) -> Numbers:
    """[shape=(beats,)] how other the harmony is from each beat to the next than it was up to it, 0..1."""
    total = np.concatenate([np.zeros((1, 12)), np.cumsum(harmony, axis=0)])
    between = np.diff(total[np.concatenate([[0], frames, [len(harmony)]])], axis=0)
    between /= np.sqrt(np.square(between).sum(axis=1, keepdims=True)) + 1e-9
    return 1 - (between[1:] * between[:-1]).sum(axis=1)


def _standard(values: Numbers) -> Numbers:
    return (values - values.mean()) / (values.std() + 1e-9)


def bar_phase(curve: Curve, frames: NDArray[np.int64], meter: int) -> int:
    """The first of ``frames``, which are beats, that begins a bar."""
    if meter < 2 or len(frames) < 2 * meter:
        return 0
    accents = (
        _standard(_at(curve.strength, frames))
        + _standard(_at(curve.low, frames))
        + 2 * _standard(_changes(curve.harmony, frames))
    )
    return int(np.argmax([accents[one::meter].mean() for one in range(meter)]))

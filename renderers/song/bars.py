"""Which beats begin bars: those of the strongest phase."""

import numpy as np
from numpy.typing import NDArray

from renderers.song.beat_onsets import FRAMES_A_SECOND, Curve, Numbers, nearby

_NEAR = FRAMES_A_SECOND // 25
"""Frames to either side of a beat in which its onset is: 40 ms."""


def _changes(harmony: Numbers, frames: NDArray[np.int64], reach: int) -> Numbers:
    """[shape=(beats,)] how other the harmony is in the ``reach`` beats after each than in those before it, 0..1."""
    total = np.concatenate([np.zeros((1, harmony.shape[1])), np.cumsum(harmony, axis=0)])
    edges = total[np.pad(frames, reach, constant_values=(0, len(harmony)))]
    between = edges[reach:] - edges[:-reach]
    between /= np.sqrt(np.square(between).sum(axis=1, keepdims=True)) + 1e-9
    return 1 - (between[reach:] * between[:-reach]).sum(axis=1)


def _standard(values: Numbers) -> Numbers:
    return (values - values.mean()) / (values.std() + 1e-9)


def bar_phase(curve: Curve, frames: NDArray[np.int64], meter: int) -> int:
    """The first of ``frames``, which are beats, that begins a bar."""
    if meter < 2 or len(frames) < 2 * meter:
        return 0
    accents = (
        _standard(nearby(curve.strength, _NEAR)[frames])
        + _standard(nearby(curve.low, _NEAR)[frames])
        + 2 * _standard(_changes(curve.harmony, frames, max(1, meter // 2)))
    )
    return int(np.argmax([accents[one::meter].mean() for one in range(meter)]))

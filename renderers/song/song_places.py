"""Where parts of a song lie best in a take, of all places, and how far ahead of wherever else they could lie."""

import numpy as np
from numpy.typing import NDArray

from renderers.song.note_onsets import Onsets

ASIDE = 30
"""Frames: a place further than this from the best one is another place."""

Numbers = NDArray[np.float64]


class Places:
    """Correlation of parts of a guide with a take, at all places at once."""

    def __init__(self, take: Onsets, longest: int):
        self._size = 1 << (len(take) + longest).bit_length()
        self._length = len(take)
        self._take = np.fft.rfft(take.T, self._size)

    def of(self, part: Onsets) -> Numbers:
        """[shape=(size,)] how well ``part`` lies at frame n of the take; negative places count from the end."""
        return np.fft.irfft((np.fft.rfft(part.T, self._size).conj() * self._take).sum(axis=0), self._size)

    def best(self, part: Onsets) -> tuple[int, float]:
        """Where a part lies best, frames (negative where it begins before the take), and how far ahead of wherever else
        it could lie, in deviations of all places."""
        start = self._size - len(part) + 1
        there = np.roll(self.of(part), self._size - start)[: self._length + self._size - start]
        best = int(there.argmax())
        elsewhere = np.concatenate([there[: max(0, best - ASIDE)], there[best + ASIDE + 1 :]])
        usual = float(there.std())
        lead = float(there[best] - elsewhere.max()) / usual if usual and len(elsewhere) else 0.0
        return best + start - self._size, lead

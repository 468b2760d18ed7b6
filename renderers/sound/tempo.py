"""Sound at another speed and at the same pitch, block by block.

Windows are taken from the source at the places that the speed asks for, moved by at most 10 ms to where they go on
from the one before (WSOLA; Verhelst and Roelands, ICASSP 1993). FFmpeg's ``atempo`` does the same, but was measured to
come up to 25 ms early at half speed and 60 ms at a quarter: more than a frame. The search is in whole numbers.
"""

from fractions import Fraction

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from crowdcut.timing import nearest
from renderers.sound.pcm import Samples, joined, silence

HOP = 1024
"""Samples from one window's middle to the next's in what comes out: a window is two of these, 43 ms."""
REACH = 480
"""Samples by which a window is moved at most: 10 ms, well inside a frame."""
LEAD = HOP + REACH
"""Samples on either side of a place that may be used for it."""
_COARSE = 4
"""Samples that the first search steps by."""

Depth = NDArray[np.int64]
"""[shape=(samples)] both channels as one, in whole numbers."""

_WINDOW = np.hanning(2 * HOP + 1)[:-1].astype(np.float32)
"""Its two halves add up to one, so that a tone keeps its level."""


def _best(wanted: Depth, among: Depth, step: int, reach: int) -> int:
    """Where in ``among`` a stretch like ``wanted`` begins, counted from its middle in samples: the best that it goes
    with, and of equals the nearest. Loud stretches are not held down to the measure of soft ones: a drum is not left
    out for the silence beside it.

    among : longer than ``wanted`` by ``2 * reach``.
    """
    candidates = sliding_window_view(among[::step], len(wanted[::step]))
    places = np.arange(len(candidates)) * step - reach
    likeness = (candidates * wanted[::step]).sum(axis=1)
    return int(places[np.lexsort((np.abs(places), -likeness))[0]])


class Tempo:
    """Stereo at 48 kHz, ``speed`` times as fast. It is given what lies :data:`LEAD` samples before the beginning, too;
    whole hops come out, of which the first sample is the beginning's."""

    def __init__(self, speed: Fraction):
        self._speed = speed
        self._held = silence(0)
        self._base = -LEAD
        """Place of the first sample that is held, counted from the beginning."""
        self._middle = 0
        """Where the last window was taken from."""
        self._hops = 0

    def take(self, samples: Samples) -> Samples:
        """As much of the output as the input so far allows; [shape=(2, m)]."""
        self._held = joined([self._held, samples])
        end, hops = self._base + self._held.shape[1], []
        while (ideal := nearest((self._hops + 1) * HOP * self._speed)) + LEAD + HOP <= end and (
            self._middle + 2 * HOP <= end
        ):
            hops.append(self._hop(ideal))
        # What no later window reaches back to is let go.
        unused = min(self._middle - HOP, nearest((self._hops + 1) * HOP * self._speed) - LEAD) - self._base
        unused = max(0, min(unused, self._held.shape[1]))
        self._held, self._base = self._held[:, unused:], self._base + unused
        return joined(hops) if hops else silence(0)

    def _part(self, start: int, length: int) -> Samples:
        return self._held[:, start - self._base : start - self._base + length]

    def _depth(self, start: int, length: int) -> Depth:
        both = np.clip(self._part(start, length).sum(axis=0), -8, 8)
        return np.rint(both * 4096).astype(np.int64)

    def _hop(self, ideal: int) -> Samples:
        """The output from the last window's middle to that of the next, which is taken from near ``ideal``."""
        goes_on = self._depth(self._middle, HOP)
        near = self._depth(ideal - HOP - REACH, HOP + 2 * REACH)
        moved = max(-REACH, _best(goes_on, near, _COARSE, REACH) - _COARSE)
        fine = self._depth(ideal + moved - HOP, HOP + 2 * _COARSE)
        middle = ideal + moved + _COARSE + _best(goes_on, fine, 1, _COARSE)
        fading = self._part(self._middle, HOP) * _WINDOW[HOP:]
        coming = self._part(middle - HOP, HOP) * _WINDOW[:HOP]
        self._middle, self._hops = middle, self._hops + 1
        return (fading + coming).astype(np.float32, copy=False)

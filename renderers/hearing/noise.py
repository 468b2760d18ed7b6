"""How strong the noise of a recording is: neither speech nor music, but all pitches at once, or one without a rest.

What is tonal is a few lines of a spectrum, noise is all of them: so a band's noise is told by its middle line, in the
moments in which this band is quiet. A hum or a whine is a line too, but one that never rests.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from crowdcut.timing import SAMPLE_RATE
from renderers.sound.pcm import CHANNELS, Samples, joined, silence

_WINDOW = SAMPLE_RATE // 5
"""200 ms: lines 5 Hz apart, so that there is room between the partials of a chord."""
_HOP = SAMPLE_RATE // 10
_MOST_MOMENTS = 256
"""Spectra that are kept; of a longer sound every second one, every fourth..."""
_QUIET = 0.1
"""The part of all moments in which a band is quieter than its noise is said to be: in those nobody speaks there."""
_RESTS = 0.03
"""The part of all moments for which a line must rest to be no hum: held chords hardly do."""
_EDGES_HERTZ = (0, 100, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700, 3150, 3700, 4400)
_EDGES_ABOVE = (5300, 6400, 7700, 9500, 12000, 15500, SAMPLE_RATE // 2 + 1)
"""Critical bands (Zwicker 1961), each of 20 lines or more."""
_STARTS = tuple(edge * _WINDOW // SAMPLE_RATE for edge in (*_EDGES_HERTZ, *_EDGES_ABOVE))
_MIDDLE = float(np.log(2))
"""Of the power of lines of noise (exponentially distributed), the median in parts of the mean."""
_HANN = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
_POWER = 2 / (CHANNELS * _WINDOW * float(np.square(_HANN, dtype=np.float64).sum()))
"""From lines of both channels, added up, to mean power."""

_Lines = NDArray[np.float32]
"""[shape=(lines,)] power."""


def _bands(lines: NDArray[np.floating]) -> list[NDArray[np.floating]]:
    """The last axis cut at the bands' edges."""
    return np.split(lines, _STARTS[1:-1], axis=-1)


def _medians(lines: NDArray[np.floating]) -> NDArray[np.floating]:
    """Of the last axis, as ``np.median`` finds them, which takes five times as long for so few numbers."""
    ordered, count = np.sort(lines, axis=-1), lines.shape[-1]
    return (ordered[..., (count - 1) // 2] + ordered[..., count // 2]) / 2


class NoiseFinder:
    """Takes blocks of any length; :meth:`power` ends it. Digital silence is no moment of a room."""

    def __init__(self) -> None:
        self._rest = silence(0)
        self._lines: list[_Lines] = []
        self._noise: list[_Lines] = []
        self._stride, self._number = 1, 0

    def take(self, samples: Samples) -> None:
        """What comes next; [shape=(2, n)] at 48 kHz."""
        samples = joined([self._rest, samples])
        count = max(0, (samples.shape[1] - _WINDOW) // _HOP + 1)
        skipped = -self._number % self._stride
        if count > skipped:
            sides = samples[:1] if np.array_equal(*samples) else samples
            windows = sliding_window_view(sides, _WINDOW, axis=1)[:, : count * _HOP : _HOP]
            self._hear(windows[:, skipped :: self._stride])
        self._number += count
        self._rest = samples[:, count * _HOP :]

    def _hear(self, windows: NDArray[np.float32]) -> None:
        """[shape=(sides, moments, samples)] one side where both are the same."""
        alike = CHANNELS // len(windows)
        sounding = windows[:, windows.any(axis=(0, 2))]
        spectra = np.fft.rfft(sounding * _HANN, axis=-1)
        powers = (np.square(spectra.real) + np.square(spectra.imag)) * _POWER
        self._lines += list((powers.sum(axis=0) * alike).astype(np.float32))
        noise = [_medians(band).sum(axis=0) * alike / _MIDDLE * band.shape[-1] for band in _bands(powers)]
        self._noise += list(np.stack(noise, axis=-1))
        while len(self._lines) > _MOST_MOMENTS:
            self._lines, self._noise = self._lines[::2], self._noise[::2]
            self._stride *= 2

    def power(self) -> float | None:
        """Mean square of both channels; None for less than 200 ms of sound."""
        if not self._lines:
            return None
        held = np.quantile(np.array(self._lines), _RESTS, axis=0).astype(np.float64)
        noise = np.quantile(np.array(self._noise), _QUIET, axis=0)
        return sum(max(float(band.sum()), own) for band, own in zip(_bands(held), noise.tolist(), strict=True))

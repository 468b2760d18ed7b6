"""A sound without its steady tones, so that speech is heard over music: instruments hold a pitch, voices do not."""

import numpy as np
from numpy.typing import NDArray

_WINDOW = 1024
"""Samples at 16 kHz: 64 ms, which tells strings a semitone apart and still follows syllables."""
_HOP = _WINDOW // 2
_AROUND = 8
"""Hops before and after one that are compared with it. In these 0.54 s a voice is at one pitch for less than half."""
_STRENGTH = 3.0
"""How many times its median power is taken from each bin, as music is not as steady as that."""
_KEPT = 0.01
"""Of the power of a bin at least this is kept: 20 dB down."""
_FAINTEST = 1e-12
"""Power under which there is nothing to divide by."""
_TAPER = np.sqrt(np.hanning(_WINDOW + 1)[:_WINDOW]).round(9).astype(np.float32)
"""Both before and after, so that overlapping windows add up to one. Rounded: the last digits differ by CPU."""

Mono = NDArray[np.float32]
"""[shape=(n,)]"""
_Spectra = NDArray[np.complexfloating]
"""[shape=(hops, bins)]"""


def _powers(spectra: _Spectra) -> NDArray[np.floating]:
    return np.square(spectra.real) + np.square(spectra.imag)


def _less_steady(spectra: _Spectra) -> _Spectra:
    """The spectra but for the first and the last ``_AROUND``, without what is steady."""
    powers = _powers(spectra)
    windows = np.lib.stride_tricks.sliding_window_view(powers, 2 * _AROUND + 1, axis=0)
    steady = np.partition(windows, _AROUND, axis=-1)[..., _AROUND]
    middle = slice(_AROUND, len(spectra) - _AROUND)
    kept = np.maximum(1 - _STRENGTH * steady / np.maximum(powers[middle], _FAINTEST), _KEPT)
    return spectra[middle] * np.sqrt(kept)


class SteadyTonesTaken:
    """Takes blocks of any length; gives as many samples in all, each in its place, later until :meth:`rest`.

    There is silence before and after: a single word is not steady for being all that there is.
    """

    def __init__(self) -> None:
        self._samples: Mono = np.zeros(_HOP, np.float32)
        self._spectra: _Spectra = np.zeros((_AROUND, _HOP + 1), np.complex64)
        self._tail: Mono = np.zeros(_HOP, np.float32)
        self._skips = _HOP  # what came before the first sample
        self._due = 0

    def take(self, samples: Mono) -> Mono:
        """As much of the output as the input so far allows."""
        self._due += len(samples)
        return self._given(samples)

    def rest(self) -> Mono:
        """What is left."""
        return self._given(np.zeros((_AROUND + 2) * _HOP, np.float32))[: self._due]

    def _given(self, samples: Mono) -> Mono:
        held = np.concatenate([self._samples, samples])
        hops = max(0, len(held) // _HOP - 1)
        self._samples = held[hops * _HOP :]
        if not hops:
            return np.zeros(0, np.float32)
        halves = held[: (hops + 1) * _HOP].reshape(-1, _HOP)
        spectra = np.fft.rfft(np.concatenate([halves[:-1], halves[1:]], axis=1) * _TAPER, axis=1)
        spectra = np.concatenate([self._spectra, spectra])
        self._spectra = spectra[-2 * _AROUND :]
        if len(spectra) <= 2 * _AROUND:
            return np.zeros(0, np.float32)
        pieces = (np.fft.irfft(_less_steady(spectra), _WINDOW, axis=1) * _TAPER).astype(np.float32)
        pieces[0, :_HOP] += self._tail
        pieces[1:, :_HOP] += pieces[:-1, _HOP:]
        self._tail = pieces[-1, _HOP:]
        sound = pieces[:, :_HOP].ravel()[self._skips :]
        self._skips = 0
        self._due -= len(sound)
        return sound

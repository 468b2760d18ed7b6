"""How strongly something begins in a sound, finely enough to say when.

The rise of each band's compressed level, summed over bands: a chord that changes counts as a drum does, and neither how
loud a song is nor how its parts are mixed counts for much.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crowdcut.timing import SAMPLE_RATE
from renderers.sound.pcm import Samples
from renderers.sound.resample import Resampler

Numbers = NDArray[np.float64]

FRAMES_A_SECOND = 200
_RATE = 24_000
_HOP = _RATE // FRAMES_A_SECOND
_WINDOW = 1024
"""Samples, 43 ms."""
_LOWEST, _HIGHEST, _BANDS_AN_OCTAVE = 40.0, 11_000.0, 12
_LOW = 150.0
"""Hertz: below it there are drums and basses, which like to begin bars."""
_SUNG = 150.0, 2000.0
"""Hertz: between them is what harmonies are told by."""
_BLOCK_FRAMES = 2048
_DEPTH = 100.0
"""Compression: a band counts from where it is 40 dB under the usual."""
_STEP = 3
"""Frames between which a rise is taken: 15 ms."""
_LEVELLING_FRAMES = 6 * FRAMES_A_SECOND
_QUIET = 0.1
"""Of the usual strength: what is weaker is not brought up to the rest."""
_LEAST = 1.0
"""Sum of all bands' rises that is brought up to the rest at all: a held chord has 0.1, speech and music 4 to 20."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Onsets at :data:`FRAMES_A_SECOND`; frame n is at ``n / FRAMES_A_SECOND`` seconds."""

    strength: Numbers
    """[shape=(frames,)] of about the same strength throughout, 1 its deviation; all zeros for silence."""
    low: Numbers
    """[shape=(frames,)] the same of basses and drums alone."""
    harmony: Numbers
    """[shape=(frames, 12)] power of each pitch class."""
    seconds: float
    """Of the sound."""


def nearby(curve: Numbers, reach: int) -> Numbers:
    """The most of ``curve`` within ``reach`` frames of each."""
    return np.lib.stride_tricks.sliding_window_view(np.pad(curve, reach), 2 * reach + 1).max(axis=1)


def _edges() -> NDArray[np.int64]:
    """First bins of the bands."""
    octaves = float(np.log2(_HIGHEST / _LOWEST))
    hertz = _LOWEST * 2 ** (np.arange(octaves * _BANDS_AN_OCTAVE + 1) / _BANDS_AN_OCTAVE)
    return np.unique(np.round(hertz * _WINDOW / _RATE).astype(np.int64))


def _mono(sound: Iterable[Samples]) -> NDArray[np.float32]:
    """Both channels in one at :data:`_RATE`, with half a window of silence before and after."""
    resampler, edge = Resampler(SAMPLE_RATE, _RATE), np.zeros(_WINDOW // 2, np.float32)
    parts = [resampler.take(block).sum(axis=0) for block in sound]
    return np.concatenate([edge, *parts, resampler.rest().sum(axis=0), edge])


def _levels(mono: NDArray[np.float32], edges: NDArray[np.int64]) -> NDArray[np.float32]:
    """[shape=(frames, bands)] magnitude of each band."""
    windows = np.lib.stride_tricks.sliding_window_view(mono, _WINDOW)[::_HOP]
    shape = np.hanning(_WINDOW).astype(np.float32)
    blocks = []
    for start in range(0, len(windows), _BLOCK_FRAMES):
        spectrum = np.fft.rfft(windows[start : start + _BLOCK_FRAMES] * shape, axis=1)
        powers = np.square(spectrum.real) + np.square(spectrum.imag)
        blocks.append(np.sqrt(np.add.reduceat(powers[:, : edges[-1]], edges[:-1], axis=1)).astype(np.float32))
    return np.concatenate(blocks)


def _mean_near(values: Numbers, width: int) -> Numbers:
    """The mean of ``width`` values around each; of fewer at the ends, and where there are fewer."""
    width = min(width, len(values))
    total = np.concatenate([[0.0], np.cumsum(values)])
    first = np.maximum(0, np.arange(len(values)) - width // 2)
    last = np.minimum(len(values), np.arange(len(values)) - width // 2 + width)
    return (total[last] - total[first]) / (last - first)


def _levelled(rises: Numbers, least: float) -> Numbers:
    """The same without what is always there, and about as strong throughout."""
    raised = np.maximum(0, rises - _mean_near(rises, FRAMES_A_SECOND // 4))
    strength = np.sqrt(_mean_near(np.square(raised), _LEVELLING_FRAMES))
    usual = float(np.sqrt(np.mean(np.square(raised))))
    return raised / (strength + _QUIET * usual + least)


def _rises(levels: NDArray[np.float32], usual: float, low: int) -> tuple[Numbers, Numbers]:
    """[shape=(frames,)] how much all bands rise around each frame, and the first ``low`` of them."""
    every, lowest = np.zeros(len(levels)), np.zeros(len(levels))
    for start in range(_STEP, len(levels) - _STEP, _BLOCK_FRAMES):
        end = min(start + _BLOCK_FRAMES, len(levels) - _STEP)
        depths = np.log1p(levels[start - _STEP : end + _STEP] * np.float32(_DEPTH / usual))
        before, after = depths[: -2 * _STEP], depths[2 * _STEP :]
        # A tone that trembles moves into the next band and is no onset.
        wide = before.copy()
        wide[:, 1:] = np.maximum(wide[:, 1:], before[:, :-1])
        wide[:, :-1] = np.maximum(wide[:, :-1], before[:, 1:])
        rises = np.maximum(0, after - wide)
        every[start:end], lowest[start:end] = rises.sum(axis=1), rises[:, :low].sum(axis=1)
    return every, lowest


def onset_curve(sound: Iterable[Samples]) -> Curve:
    """The onsets in a sound at 48 kHz, given in blocks. Memory grows by some 20 MB a minute."""
    mono, edges = _mono(sound), _edges()
    seconds = (len(mono) - _WINDOW) / _RATE
    levels = _levels(mono, edges)
    usual = float(np.percentile(levels.max(axis=1), 95))
    if usual <= 0 or len(levels) < FRAMES_A_SECOND:
        nothing = np.zeros(len(levels))
        return Curve(strength=nothing, low=nothing, harmony=np.zeros((len(levels), 12)), seconds=seconds)
    hertz = edges[:-1] * _RATE / _WINDOW
    strength, low = _rises(levels, usual, int((hertz < _LOW).sum()))
    pitches = np.round(12 * np.log2(hertz / 440) + 69).astype(int) % 12
    sung = (hertz > _SUNG[0]) & (hertz < _SUNG[1])
    harmony = np.stack([levels[:, sung & (pitches == one)].sum(axis=1, dtype=np.float64) for one in range(12)], axis=1)
    return Curve(
        strength=_levelled(strength, _LEAST), low=_levelled(low, _LEAST / 10), harmony=harmony, seconds=seconds
    )

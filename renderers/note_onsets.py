"""Where notes begin in a sound, pitch class by pitch class: what a song's takes have in common, whoever sings it.

A singer an octave higher, with another voice in another room, begins the same pitch classes at nearly the same times.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from crowdcut.timing import SAMPLE_RATE
from renderers.pcm import Samples
from renderers.resample import Resampler

Onsets = NDArray[np.float64]
"""[shape=(frames, 12)] how strongly each pitch class begins, :data:`FRAMES_A_SECOND`; of about the same strength
throughout, silence apart."""

FRAMES_A_SECOND = 100
CLASSES = 12
"""Pitch classes."""
_RATE = 12_000
_HOP = _RATE // FRAMES_A_SECOND
_WINDOW = 2048
"""Samples, 171 ms: a semitone at 200 Hz is told from the next."""
_LOWEST, _HIGHEST = 150.0, 2200.0
"""Hertz. Below, semitones run together; above there is little of a voice but sibilants."""
_BLOCK_FRAMES = 2048
_DEPTH = 100.0
"""Compression: a note counts from where it is 20 dB under the usual, so that a slow attack moves it less."""
_STEP = 2
"""Frames to either side between which a rise is taken."""
_BLUR_FRAMES = 6.0
"""Deviation of the blur, 60 ms: notes that are 80 ms early and late still meet, and a correlation's peak is the mean
of their times rather than the time of most."""
_LEVELLING_FRAMES = 4 * FRAMES_A_SECOND
_QUIET = 0.01
"""Of the strongest: what is weaker is not brought up to the rest."""


def _pitch_classes() -> NDArray[np.float32]:
    """[shape=(bins, 12)] how much of a bin's power belongs to each pitch class."""
    hertz = np.arange(1, _WINDOW // 2 + 1) * _RATE / _WINDOW
    pitches = 12 * np.log2(hertz / 440) + 69
    weights = np.zeros((_WINDOW // 2 + 1, CLASSES), np.float32)
    for bin_, (pitch, one) in enumerate(zip(pitches, hertz, strict=True), 1):
        if _LOWEST < one < _HIGHEST:
            below = int(pitch // 1)
            weights[bin_, below % CLASSES] += 1 - (pitch - below)
            weights[bin_, (below + 1) % CLASSES] += pitch - below
    return weights


def _mono(sound: Iterable[Samples]) -> NDArray[np.float32]:
    """Both channels in one at :data:`_RATE`, with half a window of silence before and after."""
    resampler = Resampler(SAMPLE_RATE, _RATE)
    edge = np.zeros(_WINDOW // 2, np.float32)
    parts = [resampler.take(block).sum(axis=0) for block in sound]
    return np.concatenate([edge, *parts, resampler.rest().sum(axis=0), edge])


def _powers(mono: NDArray[np.float32]) -> NDArray[np.float32]:
    """[shape=(frames, 12)] power of each pitch class."""
    windows = np.lib.stride_tricks.sliding_window_view(mono, _WINDOW)[::_HOP]
    shape, classes = np.hanning(_WINDOW).astype(np.float32), _pitch_classes()
    blocks = []
    for start in range(0, len(windows), _BLOCK_FRAMES):
        spectrum = np.fft.rfft(windows[start : start + _BLOCK_FRAMES] * shape, axis=1)
        blocks.append((np.square(spectrum.real) + np.square(spectrum.imag)).astype(np.float32) @ classes)
    return np.concatenate(blocks)


def _blurred(rises: NDArray[np.float32]) -> Onsets:
    reach = int(4 * _BLUR_FRAMES)
    bell = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / _BLUR_FRAMES))
    return np.stack([np.convolve(rises[:, one], bell / bell.sum(), "same") for one in range(CLASSES)], axis=1)


def note_onsets(sound: Iterable[Samples]) -> Onsets:
    """The onsets in a sound at 48 kHz, given in blocks; frame n is at ``n / FRAMES_A_SECOND`` seconds.

    All zeros for silence. Memory grows by 20 MB a minute or less.
    """
    powers = _powers(_mono(sound))
    usual = float(np.percentile(powers.sum(axis=1), 95)) / CLASSES
    onsets = np.zeros((len(powers), CLASSES))
    if usual <= 0 or len(powers) <= max(2 * _STEP, _LEVELLING_FRAMES):
        return onsets
    depths = np.log1p(powers * (_DEPTH / usual))
    rises = np.zeros_like(depths)
    rises[_STEP:-_STEP] = np.maximum(0, depths[2 * _STEP :] - depths[: -2 * _STEP])
    onsets = _blurred(rises)
    strength = np.convolve(np.square(onsets).sum(axis=1), np.ones(_LEVELLING_FRAMES) / _LEVELLING_FRAMES, "same")
    onsets /= np.sqrt(strength + _QUIET * strength.max())[:, None]
    return onsets - onsets.mean(axis=0)

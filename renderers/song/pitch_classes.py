"""How strongly each pitch class sounds in a song, frame by frame: a C is a C, whoever sings it and in which octave."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from crowdcut.timing import SAMPLE_RATE
from renderers.sound.pcm import Samples
from renderers.sound.resample import Resampler

CLASSES = 12
RATE = 12_000
"""Hertz of what is heard."""
Heard = NDArray[np.float32]
"""[shape=(samples,)] both channels in one at :data:`RATE`, with :data:`EDGE` of silence before and after."""
Powers = NDArray[np.float32]
"""[shape=(frames, 12)] power of each pitch class."""
EDGE = 1024
_LOWEST, _HIGHEST = 150.0, 2200.0
"""Hertz. Below, semitones run together; above there is little of a voice but sibilants."""
_BLOCK_FRAMES = 2048


def _shares(window: int) -> NDArray[np.float32]:
    """[shape=(bins, 12)] how much of a bin's power belongs to each pitch class."""
    hertz = np.arange(1, window // 2 + 1) * RATE / window
    pitches = 12 * np.log2(hertz / 440) + 69
    shares = np.zeros((window // 2 + 1, CLASSES), np.float32)
    for bin_, (pitch, one) in enumerate(zip(pitches, hertz, strict=True), 1):
        if _LOWEST < one < _HIGHEST:
            below = int(pitch // 1)
            shares[bin_, below % CLASSES] += 1 - (pitch - below)
            shares[bin_, (below + 1) % CLASSES] += pitch - below
    return shares


def heard_of(sound: Iterable[Samples]) -> Heard:
    """What is heard of sound at 48 kHz that is given in blocks."""
    resampler = Resampler(SAMPLE_RATE, RATE)
    edge = np.zeros(EDGE, np.float32)
    parts = [resampler.take(block).sum(axis=0) for block in sound]
    return np.concatenate([edge, *parts, resampler.rest().sum(axis=0), edge])


def powers_of(heard: Heard, *, window: int, hop: int) -> Powers:
    """Frame n is the ``window`` samples (2048 at most) about sample ``n * hop`` of the sound."""
    windows = np.lib.stride_tricks.sliding_window_view(heard[EDGE - window // 2 :], window)[::hop]
    shape, shares = np.hanning(window).astype(np.float32), _shares(window)
    blocks = []
    for start in range(0, len(windows), _BLOCK_FRAMES):
        spectrum = np.fft.rfft(windows[start : start + _BLOCK_FRAMES] * shape, axis=1)
        blocks.append((np.square(spectrum.real) + np.square(spectrum.imag)).astype(np.float32) @ shares)
    return np.concatenate(blocks)

"""Talk in no language: sound that a detector of speech takes for somebody's, made by code alone."""

import numpy as np
from numpy.typing import NDArray

from examples.makers.sounds import Samples

_VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (440, 1020, 2240))
"""Formants of five vowels, Hz: Peterson and Barney, "Control methods used in a study of the vowels", 1952."""
_BANDWIDTHS = (80, 100, 140)
"""Hz; of a formant each."""
_TOP_HERTZ = 4500
"""Of the highest harmonic of a voice."""
_PAUSES = 0.12
"""The part of syllables that are silent."""


def _strengths(hertz: NDArray[np.float64], vowel: tuple[int, ...]) -> NDArray[np.float64]:
    """How strongly each frequency sounds in a vowel: three resonances of a source that falls by 6 dB an octave."""
    gain = 100 / hertz
    for formant, width in zip(vowel, _BANDWIDTHS, strict=True):
        gain = gain * formant**2 / np.abs(formant**2 - hertz**2 + 1j * hertz * width)
    return gain


def _syllable(random: np.random.Generator, count: int, pitch: float, rate: int) -> NDArray[np.float64]:
    """One vowel after a breath of noise, peak 1."""
    time = np.arange(count) / rate
    bend = random.uniform(-0.15, 0.15)
    phase = 2 * np.pi * pitch * (time + bend * time**2 / 2)
    numbers = np.arange(1.0, int(_TOP_HERTZ / pitch / (1 + abs(bend) * time[-1])) + 1)
    strengths = _strengths(numbers * pitch, _VOWELS[random.integers(len(_VOWELS))])
    sound = strengths @ np.sin(numbers[:, None] * phase)
    begins = count // 4
    shape = np.interp(np.arange(count), [0, begins, begins * 3 // 2, begins * 7 // 2, count], [0, 0, 1, 0.8, 0])
    sound *= shape / np.abs(sound * shape).max()
    sound[:begins] += 0.15 * random.standard_normal(begins) * np.hanning(begins)
    return sound


def talk(*, seconds: float, seed: int, rate: int = 48_000, channels: int = 2) -> Samples:
    """Syllables of an eighth to a quarter of a second, some of them silent, peaks at -8 dBFS: [shape=(n, channels)].

    Speech is heard in seven tenths of it and more; the same for the same seed.
    """
    random = np.random.default_rng(seed)
    pitch, length = random.uniform(100, 200), round(seconds * rate)
    parts: list[NDArray[np.float64]] = []
    while (left := length - sum(map(len, parts))) > 0:
        count = round(random.uniform(0.12, 0.28) * rate)
        silent = random.random() < _PAUSES
        sound = np.zeros(count) if silent else _syllable(random, count, pitch * random.uniform(0.9, 1.1), rate)
        parts.append(sound[:left])
    sound = (0.4 * np.concatenate(parts)).astype(np.float32)
    return np.repeat(sound[:, None], channels, axis=1)

"""Real voices and music as tests mix them, and where somebody speaks in a clean recording."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from other_media import MEDIA, whole_sound

from crowdcut.timing import SAMPLE_RATE
from renderers.loudness.meter import measured

Mono = NDArray[np.float32]
"""[shape=(n,)] 48 kHz."""
_CHUNK = SAMPLE_RATE * 4 // 125
"""32 ms."""
_SPEECH_DB = 25
"""Nearer than this to a clean recording's loudest twentieth somebody speaks; 30 dB under it is a reader's room."""
_CLOSED_CHUNKS = 6
"""A pause of 200 ms is within speech."""


def recording(name: str, *, lufs: float | None = None, seconds: float = 60) -> Mono:
    """The first so many ``seconds`` of a file of the folder, both channels in one; brought to ``lufs``, if given."""
    whole = whole_sound(MEDIA / name)
    assert whole is not None
    sound = whole.mean(axis=0)[: round(seconds * SAMPLE_RATE)]
    return sound if lufs is None else sound * np.float32(10 ** ((lufs - loudness(sound)) / 20))


def loudness(sound: Mono) -> float:
    """LUFS of it in both channels."""
    heard = measured([np.stack([sound, sound])]).integrated
    assert heard is not None
    return heard


def spoken(clean: Mono) -> NDArray[np.bool_]:
    """Whether somebody speaks at each sample of a clean recording, told by its level alone."""
    chunks = clean[: len(clean) // _CHUNK * _CHUNK].reshape(-1, _CHUNK).astype(np.float64)
    chunks -= chunks.mean(axis=1, keepdims=True)
    levels = 10 * np.log10(np.square(chunks).mean(axis=1) + 1e-12)
    found = levels > np.percentile(levels, 95) - _SPEECH_DB
    at = np.flatnonzero(found)
    for before, after in pairwise(at):
        if after - before <= _CLOSED_CHUNKS + 1:
            found[before:after] = True
    whole = np.repeat(found, _CHUNK)
    return np.concatenate([whole, np.zeros(len(clean) - len(whole), np.bool_)])

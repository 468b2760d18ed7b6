"""Music for the whole film: pads, bass, a plucked tune and brushes, built on somebody's hummed tune, with an ending."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from examples.demo.tune import BEAT_SECONDS, FIRST, RAIN, SECOND, Note, hertz
from examples.makers.sounds import Samples

RATE = 44_100
BARS = 33
"""Before the last chord."""
RING_SECONDS = 4.0

Wave = NDArray[np.float32]
Chords = tuple[tuple[int, tuple[int, ...]], ...]
"""For each bar the bass's key and the chord's."""

_D, _BM, _G, _A = (38, (57, 62, 66, 69)), (35, (54, 59, 62, 66)), (31, (55, 59, 62, 69)), (33, (57, 61, 64, 69))
_EM, _FM = (28, (55, 59, 64, 66)), (30, (54, 57, 61, 64))
HOME, AWAY = (_D, _BM, _G, _A), (_BM, _G, _EM, _FM)
"""Four bars at rest and four away from it."""


def _times(seconds: float) -> NDArray[np.float64]:
    return np.arange(round(seconds * RATE)) / RATE


@cache
def _pad(key: int) -> Samples:
    """A bar and a half of two soft voices, a little apart in pitch and in space."""
    t = _times(4 * BEAT_SECONDS * 1.5)
    shape = np.minimum(1, t / 0.7) * np.minimum(1, (t[-1] - t) / 1.1)
    sides = []
    for cents in (-5, 6):
        phase = 2 * np.pi * hertz(key) * 2 ** (cents / 1200) * t
        sides.append(
            sum(np.sin(k * phase + k) * 0.55**k for k in range(1, 6)) * shape * (1 + 0.12 * np.sin(2.1 * t + cents))
        )
    return np.stack(sides, axis=1).astype(np.float32)


@cache
def _pluck(key: int) -> Wave:
    """A tongue of wood or metal: a clear tone and a short knock above it."""
    t = _times(1.9)
    f = hertz(key)
    tone = np.sin(2 * np.pi * f * t) * np.exp(-2.4 * t) + 0.34 * np.sin(4 * np.pi * f * t) * np.exp(-4.5 * t)
    knock = 0.22 * np.sin(2 * np.pi * 5.42 * f * t) * np.exp(-26 * t) + 0.1 * np.sin(6 * np.pi * f * t) * np.exp(-8 * t)
    return ((tone + knock) * np.minimum(1, t / 0.004)).astype(np.float32)


@cache
def _bass(key: int, beats: float) -> Wave:
    t = _times(beats * BEAT_SECONDS)
    phase = 2 * np.pi * hertz(key) * t
    shape = np.minimum(1, t / 0.02) * np.exp(-0.9 * t) * np.minimum(1, (t[-1] - t) / 0.06)
    return ((np.sin(phase) + 0.42 * np.sin(2 * phase) + 0.16 * np.sin(3 * phase)) * shape).astype(np.float32)


@cache
def _brush(seconds: float, seed: int) -> Wave:
    """A brush drawn over a drum skin: noise without its low half."""
    t = _times(seconds)
    noise = np.diff(np.random.default_rng(seed).normal(0, 1, len(t) + 1))
    shape = np.minimum(1, t / (seconds * 0.18)) * np.exp(-t * 5.0 / seconds)
    return (noise * shape * 0.5).astype(np.float32)


@cache
def _thump() -> Wave:
    t = _times(0.34)
    return (np.sin(2 * np.pi * (46 * t + 3.2 * (1 - np.exp(-t * 28)))) * np.exp(-9 * t)).astype(np.float32)


class _Score:
    """A stereo sheet that notes are laid on."""

    def __init__(self) -> None:
        seconds = 4 * BARS * BEAT_SECONDS + RING_SECONDS
        self.dry = np.zeros((round(seconds * RATE), 2), np.float32)
        self.wet = np.zeros_like(self.dry)

    def lay(self, sound: NDArray[np.float32], beat: float, *, gain: float, pan: float = 0.0, wet: float = 0.3) -> None:
        """Add ``sound`` at ``beat``; ``pan`` -1 left to 1 right."""
        start = round(beat * BEAT_SECONDS * RATE)
        sides = np.array([np.cos((pan + 1) * np.pi / 4), np.sin((pan + 1) * np.pi / 4)], np.float32) * gain
        part = (sound if sound.ndim == 2 else sound[:, None])[: len(self.dry) - start] * sides
        self.dry[start : start + len(part)] += part
        self.wet[start : start + len(part)] += wet * part


def _chords(score: _Score, first: int, bars: int, chords: Chords, gain: float) -> None:
    for bar in range(bars):
        for number, key in enumerate(chords[bar % 4][1]):
            score.lay(
                _pad(key), 4 * (first + bar) - 0.2 * (first + bar > 0), gain=gain, pan=(-0.5, 0.4, -0.2, 0.5)[number]
            )


def _low(score: _Score, first: int, bars: int, chords: Chords) -> None:
    for bar in range(bars):
        root, beat = chords[bar % 4][0], 4 * (first + bar)
        for at, length, key in ((0, 2.4, root), (2.5, 0.5, root + 7), (3, 1, root + 12)):
            score.lay(_bass(key, length), beat + at, gain=0.30, wet=0.05)


def _melody(score: _Score, first: int, notes: tuple[Note, ...], *, gain: float, shift: int = 0) -> None:
    random = np.random.default_rng(first)
    for at, _, key in notes:
        lean = 1 + random.uniform(-0.12, 0.12) + (0.1 if at % 4 == 0 else 0)
        beat = 4 * first + at + random.uniform(0, 0.02)
        score.lay(_pluck(key + shift), beat, gain=gain * lean, pan=0.16 * np.sin(at), wet=0.55)


def _figure(score: _Score, first: int, bars: int, chords: Chords, gain: float) -> None:
    """Broken chords in quavers, an octave up, under or beside the tune."""
    for bar in range(bars):
        keys = chords[bar % 4][1]
        for quaver, step in enumerate((0, 2, 1, 3, 2, 1, 3, 2)):
            loud = gain * (1.0, 0.6, 0.75, 0.6)[quaver % 4]
            score.lay(
                _pluck(keys[step] + 12), 4 * (first + bar) + quaver / 2, gain=loud, pan=0.6 * (-1) ** quaver, wet=0.6
            )


def _drums(score: _Score, first: int, bars: int, gain: float) -> None:
    for bar in range(bars):
        beat = 4 * (first + bar)
        for at, loud in ((0, 1.0), (2.5, 0.6)):
            score.lay(_thump(), beat + at, gain=0.42 * gain * loud, wet=0.06)
        for at in (1, 3):
            score.lay(_brush(0.32, 7 + int(at)), beat + at, gain=0.13 * gain, pan=0.2, wet=0.3)
        for quaver in range(8):
            swing = 0.06 * (quaver % 2)
            loud = (0.024, 0.046)[quaver % 2] * gain
            score.lay(_brush(0.09, 20 + quaver), beat + quaver / 2 + swing, gain=loud, pan=-0.35, wet=0.2)


def _room(wet: Samples) -> Samples:
    """The same notes as a wooden room gives them back."""
    t = _times(1.7)[:, None]
    noise = np.random.default_rng(5).normal(0, 1, (len(t), 2)) * np.exp(-4.2 * t) * np.minimum(1, t / 0.012)
    kernel = np.hanning(9) / 4
    smooth = np.stack([np.convolve(noise[:, side], kernel, "same") for side in (0, 1)], axis=1) * 0.03
    size = 1 << (len(wet) + len(t)).bit_length()
    spectrum = np.fft.rfft(wet, size, axis=0) * np.fft.rfft(smooth, size, axis=0)
    return np.fft.irfft(spectrum, size, axis=0)[: len(wet)].astype(np.float32)


def _last_chord(score: _Score) -> None:
    beat = 4 * BARS
    score.lay(_bass(38, 6), beat, gain=0.30, wet=0.2)
    for number, key in enumerate((57, 62, 66, 69)):
        score.lay(_pad(key), beat, gain=0.05, pan=(-0.5, 0.4, -0.2, 0.5)[number])
    for number, key in enumerate((62, 66, 69, 74, 78, 81, 86)):
        score.lay(_pluck(key), beat + 0.11 * number, gain=0.16 - 0.008 * number, pan=0.5 * np.sin(number), wet=0.9)


PADS = (
    (0, 1, HOME, 0.040),
    (1, 6, HOME, 0.040),
    (7, 6, HOME, 0.034),
    (13, 7, AWAY, 0.044),
    (20, 3, HOME, 0.036),
    (23, 4, AWAY, 0.050),
    (27, 6, HOME, 0.038),
)
"""First bar, number of bars, the chords from the first bar on, and how loud."""
TUNES = (
    (1, FIRST, 0.17),
    (5, SECOND[:7], 0.15),
    (7, FIRST, 0.16),
    (11, SECOND[:7], 0.16),
    (13, RAIN, 0.14),
    (17, RAIN[:7], 0.13),
    (20, SECOND[:-1], 0.18),
    (27, FIRST, 0.17),
    (31, SECOND[:7], 0.18),
)
FIGURES = (
    (4, 3, (HOME[3], *HOME[:3]), 0.03),
    (7, 6, HOME, 0.05),
    (16, 4, (AWAY[3], *AWAY[:3]), 0.045),
    (20, 3, HOME, 0.055),
    (26, 1, AWAY[3:], 0.03),
    (27, 6, HOME, 0.05),
)
BASSES = ((7, 6, HOME), (16, 4, (AWAY[3], *AWAY[:3])), (20, 3, HOME), (27, 6, HOME))
DRUMS = ((8, 5, 0.8), (20, 3, 1.0), (28, 5, 0.9))


def music() -> Samples:
    """33 bars and a last chord, (samples, 2) at 44.1 kHz: a gentle start for dawn, brushes at noon, thin and grey for
    the rain, full at dusk, almost nothing under the poem, and everybody at the end."""
    score = _Score()
    for first, bars, chords, gain in PADS:
        _chords(score, first, bars, chords, gain)
    for first, notes, gain in TUNES:
        _melody(score, first, notes, gain=gain)
    _melody(score, 27, FIRST, gain=0.06, shift=-12)
    for first, bars, chords, gain in FIGURES:
        _figure(score, first, bars, chords, gain)
    for first, bars, chords in BASSES:
        _low(score, first, bars, chords)
    for first, bars, gain in DRUMS:
        _drums(score, first, bars, gain)
    _last_chord(score)
    mixed = score.dry + _room(score.wet)
    tail = round(2.4 * RATE)
    mixed[-tail:] *= np.linspace(1, 0, tail, dtype=np.float32)[:, None] ** 1.5
    return np.tanh(1.3 * mixed / np.abs(mixed).max()).astype(np.float32) * 0.8

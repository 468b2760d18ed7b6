"""A song, and takes of it as people make them at home: each with a voice, a timing, a room and a clock of its own.

Sound is (samples,) float32 at 48 kHz, full scale 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Mono = NDArray[np.float32]
_SCALE = (0, 2, 4, 5, 7, 9, 11, 12, 14)
_VOWELS = ((750, 1200), (400, 2000), (300, 2300), (450, 850), (325, 700))
"""Hertz: the first two formants of a, e, i, o, u."""
_BLOCK = 1 << 17
"""Samples, of which a room's reverberation must be far fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note of a song."""

    start: float
    """Seconds from the song's start."""
    length: float
    """Seconds."""
    pitch: int
    """MIDI number."""


def song(*, seed: int, seconds: float, bpm: float = 100.0, key: int = 60) -> list[Note]:
    """A melody that wanders over a scale in crotchets and quavers, with a rest now and then."""
    rng, notes, at, step = np.random.default_rng(seed), list[Note](), 0.0, 3
    while at < seconds - 1:
        length = 60 / bpm * float(rng.choice([0.5, 0.5, 1, 1, 1.5, 2]))
        step = int(np.clip(step + rng.integers(-3, 4), 0, len(_SCALE) - 1))
        if rng.random() > 0.08:
            notes.append(Note(start=at, length=length * 0.95, pitch=key + _SCALE[step]))
        at += length
    return notes


def _voice(note: Note, start: float, rng: np.random.Generator, attack: float, detune: float) -> tuple[int, Mono]:
    """One note as it is sung from ``start`` on, and its first sample."""
    times = np.arange(round(note.length * RATE)) / RATE
    hertz = 440 * 2 ** ((note.pitch - 69 + detune + 0.3 * np.sin(2 * np.pi * 5.5 * times) * (times > 0.25)) / 12)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    wave, formants = np.zeros(len(times)), _VOWELS[int(rng.integers(len(_VOWELS)))]
    for harmonic in range(1, 16):
        at = harmonic * float(hertz[0])
        strength = sum(1 / (1 + ((at - one) / 150) ** 2) for one in formants) / harmonic**0.5 + 0.3 / harmonic**2
        wave += strength * np.sin(harmonic * phase)
    shape = np.clip(times / attack, 0, 1) * np.clip((times[-1] - times) / 0.06, 0, 1)
    breath = rng.standard_normal(len(times)) * 0.05 * np.exp(-times / 0.05)
    return round(start * RATE), (0.1 * float(rng.uniform(0.6, 1.2)) * (wave + breath) * shape).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """A song as one person sang it."""

    sound: Mono
    starts: tuple[float, ...]
    """Seconds of the sound at which each note of the song was begun."""


def performed(notes: list[Note], *, seed: int, jitter: float = 0.08, octave: int = 0, lead: float = 0.0) -> Performance:
    """The song as one person sings it: each note up to ``jitter`` seconds early or late, a voice of its own.

    lead : seconds of room before the song's start.
    """
    rng = np.random.default_rng(seed)
    attack, detune = float(rng.uniform(0.015, 0.05)), float(rng.uniform(-0.2, 0.2))
    sound = np.zeros(round((lead + notes[-1].start + notes[-1].length + 1) * RATE), np.float32)
    starts = list[float]()
    for note in notes:
        moved = Note(start=note.start, length=note.length, pitch=note.pitch + 12 * octave)
        late = float(rng.uniform(-jitter, jitter)) if jitter else 0.0
        starts.append(max(0.0, lead + note.start + late))
        at, wave = _voice(moved, starts[-1], rng, attack, detune)
        sound[at : at + len(wave)] += wave[: len(sound) - at]
    return Performance(sound=sound, starts=tuple(starts))


def sung(notes: list[Note], *, seed: int, jitter: float = 0.08, octave: int = 0, lead: float = 0.0) -> Mono:
    """The sound of that performance."""
    return performed(notes, seed=seed, jitter=jitter, octave=octave, lead=lead).sound


def _convolved(sound: Mono, tail: NDArray[np.float64]) -> NDArray[np.float64]:
    """As long as the sound; in blocks, for transforms of minutes take several times as long as those of seconds."""
    shape = np.fft.rfft(tail, _BLOCK)
    step, wet = _BLOCK - len(tail), np.zeros(len(sound) + _BLOCK)
    for first in range(0, len(sound), step):
        wet[first : first + _BLOCK] += np.fft.irfft(np.fft.rfft(sound[first : first + step], _BLOCK) * shape, _BLOCK)
    return wet[: len(sound)]


def in_room(sound: Mono, *, seed: int, seconds: float = 0.5, noise: float = 0.002) -> Mono:
    """The same in a room: what is heard directly, its reverberation (60 dB down after ``seconds``), and noise."""
    rng, times = np.random.default_rng(seed), np.arange(round(seconds * RATE)) / RATE
    tail = rng.standard_normal(len(times)) * 10 ** (-3 * times / seconds) * 0.015
    tail[0] = 1.0
    wet = _convolved(sound, tail)
    return (wet + noise * rng.standard_normal(len(sound))).astype(np.float32)


def by_clock(sound: Mono, *, ppm: float) -> Mono:
    """The same as a recorder with a clock that is ``ppm`` fast writes it: so much more samples."""
    places = np.arange(round(len(sound) * (1 + ppm / 1e6))) / (1 + ppm / 1e6)
    return np.interp(places, np.arange(len(sound)), sound).astype(np.float32)

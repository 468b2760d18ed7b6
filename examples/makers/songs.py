"""Songs whose beats and bars are known: straight or swung, with a pick-up, at one tempo or several, with drums or none.

Sound is (samples,) float32 at 48 kHz, full scale 1.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from examples.makers.choir import RATE, Mono

_CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
"""Semitones over the key: I vi IV V."""
_SCALE = (0, 2, 4, 5, 7, 9, 11, 12, 14, 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a song is played from."""

    sections: tuple[tuple[int, float], ...]
    """Bars and their tempo, beats a minute."""
    meter: int = 4
    swing: float = 0.5
    """Where between two beats the quaver lies: 1/2 straight, 2/3 swung."""
    pickup: int = 0
    """Beats of melody before the first bar."""
    drums: bool = True
    lead: float = 0.5
    """Seconds of silence before."""
    humanly: float = 0.0
    """How far a note is early or late, seconds (deviation)."""
    seed: int = 1


@dataclass(slots=True, kw_only=True)
class Played:
    """A song, and when its beats were."""

    sound: Mono
    beats: list[float] = field(default_factory=list)
    """Seconds."""
    bars: list[float] = field(default_factory=list)


@lru_cache(256)
def _note(semitones: float, seconds: float, attack: float, rolloff: float) -> Mono:
    """A tone with harmonics that dies away; middle C is 0."""
    times = np.arange(round(seconds * RATE)) / RATE
    hertz, wave = 261.63 * 2 ** (semitones / 12), np.zeros(len(times))
    for harmonic in range(1, 7):
        wave += np.sin(2 * np.pi * hertz * harmonic * times + harmonic) / harmonic**rolloff
    shape = np.clip(times / attack, 0, 1) * np.exp(-times / (seconds * 0.7)) * np.clip((seconds - times) / 0.03, 0, 1)
    return (wave * shape).astype(np.float32)


def _drum(kind: str, rng: np.random.Generator) -> Mono:
    times = np.arange(round(0.2 * RATE)) / RATE
    noise = rng.standard_normal(len(times))
    if kind == "kick":
        wave = np.sin(2 * np.pi * (50 * times + 4 * (1 - np.exp(-times / 0.03)))) * np.exp(-times / 0.08)
    elif kind == "snare":
        wave = (0.5 * noise + 0.5 * np.sin(2 * np.pi * 190 * times)) * np.exp(-times / 0.06)
    else:
        wave = np.diff(noise, prepend=0.0) * np.exp(-times / 0.02) * 0.25
    return wave.astype(np.float32)


class _Stage:
    """Where notes are played into one sound."""

    def __init__(self, score: Score, seconds: float):
        self.score, self.rng = score, np.random.default_rng(score.seed)
        self.sound = np.zeros(round(seconds * RATE), np.float32)

    def play(self, at: float, wave: Mono, level: float) -> None:
        late = float(self.rng.normal(0, self.score.humanly)) if self.score.humanly else 0.0
        start = max(0, round((at + late) * RATE))
        part = wave[: max(0, len(self.sound) - start)]
        self.sound[start : start + len(part)] += level * part


def _beats_of(score: Score) -> tuple[list[float], list[int], float]:
    """When each beat is, which begin bars, and the end."""
    at, beats, bars = score.lead, list[float](), list[int]()
    for _ in range(score.pickup):
        beats.append(at)
        at += 60 / score.sections[0][1]
    for count, bpm in score.sections:
        for _ in range(count):
            bars.append(len(beats))
            for _ in range(score.meter):
                beats.append(at)
                at += 60 / bpm
    return beats, bars, at


def _melody(stage: _Stage, beats: list[float], ends: list[float], key: int, level: float) -> None:
    """Crotchets, quavers and longer ones, wandering over the scale, with a rest now and then."""
    rng, number, step = stage.rng, 0, 4
    while number < len(beats):
        beat = ends[number] - beats[number]
        places = [0.0, stage.score.swing] if rng.random() < 0.4 else [0.0]
        long = len(places) == 1 and rng.random() < 0.3
        for place in places:
            step = int(np.clip(step + rng.integers(-2, 3), 0, len(_SCALE) - 1))
            if rng.random() > 0.08:
                seconds = beat * (2 if long else 1 / len(places)) * 0.95
                stage.play(beats[number] + place * beat, _note(key + _SCALE[step], seconds, 0.015, 1.5), level)
        number += 2 if long else 1


def played(score: Score) -> Played:
    """The song."""
    beats, bars, end = _beats_of(score)
    stage, key = _Stage(score, end + 1), int(score.seed * 5 % 12) - 6
    ends = [*beats[1:], end]
    _melody(stage, beats, ends, key + 12, 0.08)
    first = score.pickup
    for number in range(first, len(beats)):
        at, beat = beats[number], ends[number] - beats[number]
        bar, place = divmod(number - first, score.meter)
        chord = _CHORDS[bar % len(_CHORDS)]
        if place == 0 or (place == 2 and score.meter == 4):
            for tone in chord:
                stage.play(at, _note(key + tone - 12, beat * 2, 0.05, 1.8), 0.06)
            stage.play(at, _note(key + chord[0] - 24, beat * 1.9, 0.01, 2.0), 0.15)
        if score.drums:
            stage.play(at, _drum("snare" if place % 2 else "kick", stage.rng), 0.2 if place % 2 else 0.4)
            for part in (0.0, score.swing):
                stage.play(at + part * beat, _drum("hat", stage.rng), 0.12)
    hiss = 0.0005 * stage.rng.standard_normal(len(stage.sound))
    return Played(sound=(stage.sound + hiss).astype(np.float32), beats=beats, bars=[beats[one] for one in bars])


def rain(*, seconds: float, seed: int = 1) -> Mono:
    """Noise with drops in it, none when another is."""
    rng = np.random.default_rng(seed)
    sound = (0.02 * rng.standard_normal(round(seconds * RATE))).astype(np.float32)
    for start in rng.integers(0, len(sound) - RATE // 10, round(seconds * 12)):
        drop = 0.2 * rng.random() * np.exp(-np.arange(RATE // 50) / (RATE * 0.003))
        sound[start : start + len(drop)] += (drop * rng.standard_normal(len(drop))).astype(np.float32)
    return sound


def held_chord(*, seconds: float) -> Mono:
    """Three tones that begin and stay, with a slow tremor."""
    times = np.arange(round(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * hertz * times) for hertz in (220.0, 277.2, 329.6))
    shape: NDArray[np.float64] = np.clip(times / 0.5, 0, 1) * (1 + 0.1 * np.sin(2 * np.pi * 0.3 * times))
    return (0.1 * wave * shape).astype(np.float32)

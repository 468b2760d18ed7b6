"""A voice from nothing: formants over a hummed pitch. It reads the poem, and hums the tune."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examples.demo.tune import BEAT_SECONDS, FIRST, SECOND, Note, hertz
from examples.makers.sounds import Samples

RATE = 22_050
"""Of the reading voice."""
_STEP = 0.005
"""Seconds between the moments at which the mouth's shape is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sound:
    """One speech sound: where the mouth resonates, and how much is voice and how much is breath."""

    seconds: float
    formants: tuple[float, float, float]
    """Hertz (Peterson and Barney 1952, women's means for the vowels, rounded)."""
    voice: float = 1.0
    breath: float = 0.0
    hiss: float = 5200.0
    """Centre of the breath's noise, hertz."""


def _vowel(seconds: float, *formants: float) -> _Sound:
    return _Sound(seconds=seconds, formants=(formants[0], formants[1], formants[2]), breath=0.012, hiss=2600)


SOUNDS = {
    "ah": (_vowel(0.11, 720, 1360, 2750),),
    "ax": (_vowel(0.065, 540, 1500, 2700),),
    "iy": (_vowel(0.13, 320, 2700, 3250),),
    "ih": (_vowel(0.09, 430, 2350, 3050),),
    "ao": (_vowel(0.27, 600, 950, 2700),),
    "aa": (_vowel(0.26, 830, 1200, 2800),),
    "ae": (_vowel(0.16, 840, 2000, 2850),),
    "ow": (_vowel(0.14, 560, 980, 2650), _vowel(0.16, 400, 850, 2600)),
    "ay": (_vowel(0.13, 820, 1300, 2750), _vowel(0.10, 400, 2400, 3000)),
    "ey": (_vowel(0.12, 540, 2250, 2950), _vowel(0.12, 350, 2600, 3150)),
    "m": (_Sound(seconds=0.085, formants=(280, 1050, 2200), voice=0.42),),
    "n": (_Sound(seconds=0.075, formants=(280, 1700, 2600), voice=0.42),),
    "ng": (_Sound(seconds=0.14, formants=(280, 2100, 2700), voice=0.40),),
    "l": (_Sound(seconds=0.075, formants=(380, 1150, 2900), voice=0.60),),
    "w": (_Sound(seconds=0.075, formants=(320, 700, 2400), voice=0.60),),
    "v": (_Sound(seconds=0.07, formants=(300, 1200, 2400), voice=0.42, breath=0.05, hiss=4200),),
    "dh": (_Sound(seconds=0.05, formants=(300, 1500, 2600), voice=0.42, breath=0.04, hiss=4600),),
    "z": (_Sound(seconds=0.085, formants=(300, 1800, 2700), voice=0.26, breath=0.09, hiss=6200),),
    "s": (_Sound(seconds=0.11, formants=(320, 1800, 2700), voice=0.0, breath=0.12, hiss=6600),),
    "hh": (_Sound(seconds=0.06, formants=(760, 1900, 2800), voice=0.08, breath=0.10, hiss=1900),),
    "b": (
        _Sound(seconds=0.055, formants=(250, 900, 2300), voice=0.08),
        _Sound(seconds=0.012, formants=(400, 1000, 2400), voice=0.4, breath=0.10, hiss=1200),
    ),
    "d": (
        _Sound(seconds=0.045, formants=(250, 1850, 2700), voice=0.08),
        _Sound(seconds=0.014, formants=(380, 1900, 2750), voice=0.4, breath=0.14, hiss=4200),
    ),
    "t": (
        _Sound(seconds=0.055, formants=(350, 1850, 2700), voice=0.0),
        _Sound(seconds=0.028, formants=(380, 1900, 2750), voice=0.0, breath=0.20, hiss=4600),
    ),
    ".": (_Sound(seconds=0.42, formants=(500, 1500, 2600), voice=0.0),),
    ",": (_Sound(seconds=0.16, formants=(500, 1500, 2600), voice=0.0),),
}
"""By the names of the ARPABET; a full stop and a comma are rests."""

POEM = (
    ("'s 'ah m b ax d iy z 'iy v n ih ng", 212, 186),
    ("ih z 's 'ah m b ax d iy z 'd 'ao n", 204, 164),
    ("'l 'iy v ax 'l 'ay t ih n dh ax 'w 'ih n d ow", 216, 182),
    ("ax n d 'hh 'ae n d dh ax 'd 'ey , 'aa n", 200, 146),
)
"""The four lines: sounds (stressed ones marked) and the pitch in hertz that each begins and ends on."""


def _smoothed(track: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """Tongues and lips do not jump."""
    window = np.hanning(max(3, round(seconds / _STEP)) + 2)
    padded = np.pad(track, len(window) // 2, mode="edge")
    smooth = np.convolve(padded, window / window.sum(), mode="same")
    return smooth[len(window) // 2 :][: len(track)].astype(np.float64)


def _resonance(f: NDArray[np.float64], formants: NDArray[np.float64]) -> NDArray[np.float64]:
    """How loud a mouth of these formants makes each frequency. f : hertz, any shape; formants : (..., 3) hertz."""
    gain = np.ones_like(f)
    widths = (80.0, 100.0, 140.0, 220.0)
    every = [formants[..., k] for k in range(3)] + [np.full(formants.shape[:-1], 3900.0)]
    for formant, width in zip(every, widths, strict=True):
        gain *= formant**2 / np.hypot(formant**2 - f**2, f * width)
    return gain


def _sung(pitch: NDArray[np.float64], formants: NDArray[np.float64], loud: NDArray[np.float64], rate: int) -> Samples:
    """Harmonics of ``pitch`` shaped by a mouth. All tracks are told every 5 ms; the answer is (samples,)."""
    count = round(len(pitch) * _STEP * rate)
    at, told = np.arange(count) / rate, np.arange(len(pitch)) * _STEP
    phase = 2 * np.pi * np.cumsum(np.interp(at, told, pitch)) / rate
    sound = np.zeros(count)
    for harmonic in range(1, int(min(5200, rate / 2 - 500) / pitch.min())):
        gain = _resonance(pitch * harmonic, formants) * loud / harmonic**1.1
        sound += np.interp(at, told, gain) * np.sin(harmonic * phase + 0.7 * harmonic * harmonic)
    return sound.astype(np.float32)


def _breathed(breath: NDArray[np.float64], hiss: NDArray[np.float64], rate: int) -> Samples:
    """Noise around a moving centre: short overlapping blocks, each shaped in its spectrum."""
    block, hop = 512, 128
    count = round(len(breath) * _STEP * rate)
    noise = np.random.default_rng(9).normal(0, 1, count + block)
    sound, window, f = np.zeros(count + block), np.hanning(block), np.fft.rfftfreq(block, 1 / rate)
    for start in range(0, count, hop):
        told = min(len(breath) - 1, int((start + block / 2) / rate / _STEP))
        if breath[told] > 1e-4:
            band = np.exp(-(((f - hiss[told]) / (0.32 * hiss[told])) ** 2))
            piece = np.fft.irfft(np.fft.rfft(noise[start : start + block] * window) * band)
            sound[start : start + block] += piece * window * breath[told] * 0.7
    return sound[:count].astype(np.float32)


def _told(line: str, first: float, last: float) -> list[tuple[_Sound, float, float]]:
    """Each sound with its pitch, hertz, and how much longer it is than usual."""
    marks = line.split()
    spoken = []
    for place, mark in enumerate(marks):
        stressed, name = mark.startswith("'"), mark.lstrip("'")
        slow = (1.35 if stressed else 1.12) * (1.25 if place >= len(marks) - 2 else 1.0)
        pitch = first + (last - first) * place / len(marks) + (16 if stressed else 0)
        spoken += [(sound, pitch, slow) for sound in SOUNDS[name]]
    return [*spoken, *((sound, last, 1.0) for sound in SOUNDS["."])]


def reading() -> Samples:
    """The poem, read slowly by a synthetic voice, (samples, 1) at 22.05 kHz."""
    spoken = [part for line, first, last in POEM for part in _told(line, first, last)]
    counts = [max(1, round(sound.seconds * slow / _STEP)) for sound, _, slow in spoken]

    def track(values: list[float]) -> NDArray[np.float64]:
        return np.repeat(np.array(values, dtype=np.float64), counts)

    formants = np.stack([_smoothed(track([s.formants[k] for s, _, _ in spoken]), 0.05) for k in range(3)], axis=1)
    pitch = _smoothed(track([pitch for _, pitch, _ in spoken]), 0.12)
    pitch *= 1 + 0.006 * np.sin(np.arange(len(pitch)) * _STEP * 2 * np.pi * 5.1)
    voice = _smoothed(track([s.voice for s, _, _ in spoken]), 0.025)
    breath = _smoothed(track([s.breath for s, _, _ in spoken]), 0.015)
    sound = _sung(pitch, formants, voice, RATE) * 0.16
    sound += _breathed(breath, track([s.hiss for s, _, _ in spoken]), RATE)
    return (sound / np.abs(sound).max() * 0.6).astype(np.float32)[:, None]


def humming() -> Samples:
    """The tune, eight bars, hummed into a phone, (samples, 1) at 44.1 kHz, with the room's hiss."""
    notes: list[Note] = [*FIRST, *((at + 16, length, key) for at, length, key in SECOND)]
    total = round((32 * BEAT_SECONDS + 0.5) / _STEP)
    pitch, loud = np.full(total, hertz(57)), np.zeros(total)
    for at, length, key in notes:
        start, end = round(at * BEAT_SECONDS / _STEP), round((at + length) * BEAT_SECONDS / _STEP)
        pitch[start:] = hertz(key - 12)
        loud[start : end - 8] = 1.0
    t = np.arange(total) * _STEP
    pitch = _smoothed(pitch, 0.09) * (1 + 0.007 * np.sin(2 * np.pi * 5.3 * t) * np.minimum(1, t % 1.2))
    mouth = np.broadcast_to(np.array([300.0, 900.0, 2300.0]), (total, 3))
    sound = _sung(pitch, mouth, _smoothed(loud, 0.09), 44_100)
    sound = sound / np.abs(sound).max() * 0.5
    return (sound + np.random.default_rng(11).normal(0, 0.0016, len(sound))).astype(np.float32)[:, None]

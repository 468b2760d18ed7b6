"""Field recordings: waves, rain on a roof, a tram's bell, a night full of crickets. Made of noise and sines."""

import numpy as np
from numpy.typing import NDArray

from examples.makers.sounds import Samples

RATE = 44_100


def _coloured(seconds: float, *, low: float, high: float, slope: float, seed: int, channels: int) -> Samples:
    """Noise between two frequencies (hertz) that falls by ``slope`` (power of the frequency); RMS 1."""
    count = round(seconds * RATE)
    noise = np.random.default_rng(seed).normal(0, 1, (count, channels))
    f = np.fft.rfftfreq(count, 1 / RATE)[:, None]
    f[0] = f[1]
    shape = (1 / (1 + (low / f) ** 4)) * (1 / (1 + (f / high) ** 4)) * f**-slope
    sound = np.fft.irfft(np.fft.rfft(noise, axis=0) * shape, count, axis=0)
    return (sound / np.sqrt(np.mean(sound**2))).astype(np.float32)


def _levelled(sound: NDArray[np.floating], peak: float) -> Samples:
    """Scaled to ``peak`` with soft ends of 50 ms."""
    ramp = np.minimum(1, np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / (0.05 * RATE))
    return (sound / np.abs(sound).max() * peak * ramp[:, None]).astype(np.float32)


def waves(seconds: float = 9.0) -> Samples:
    """A calm sea on pebbles, (samples, 2) at 44.1 kHz."""
    t = np.arange(round(seconds * RATE)) / RATE
    swell = 0.5 - 0.5 * np.cos(2 * np.pi * t / 3.6)
    rush = np.clip(np.sin(2 * np.pi * (t / 3.6 - 0.42)), 0, 1) ** 2
    deep = _coloured(seconds, low=60, high=420, slope=0.5, seed=500, channels=2)
    foam = _coloured(seconds, low=900, high=6000, slope=0.3, seed=501, channels=2)
    return _levelled(deep * (0.35 + 0.65 * swell)[:, None] + 0.55 * foam * (0.08 + rush)[:, None], 0.5)


def rain(seconds: float = 12.0) -> Samples:
    """Rain on leaves and a tin roof, (samples, 1) at 44.1 kHz."""
    sound = 0.2 * _coloured(seconds, low=700, high=9000, slope=0.2, seed=510, channels=1)
    random = np.random.default_rng(511)
    t = np.arange(round(0.05 * RATE)) / RATE
    for _ in range(round(26 * seconds)):
        start = random.integers(0, len(sound) - len(t))
        f = random.uniform(900, 3400)
        drop = np.sin(2 * np.pi * (f * t + 6 * f * t * t)) * np.exp(-t * random.uniform(70, 160))
        sound[start : start + len(t), 0] += (drop * random.uniform(0.1, 0.9) ** 2).astype(np.float32)
    return _levelled(sound, 0.45)


def wind(seconds: float = 5.0) -> Samples:
    """Gusts over grass, (samples, 1) at 44.1 kHz."""
    t = np.arange(round(seconds * RATE)) / RATE
    gusts = 0.45 + 0.3 * np.sin(2.2 * t) + 0.25 * np.sin(3.7 * t + 1)
    return _levelled(_coloured(seconds, low=180, high=1300, slope=0.4, seed=530, channels=1) * gusts[:, None], 0.3)


def fair(seconds: float = 4.0) -> Samples:
    """People some way off, (samples, 2) at 44.1 kHz."""
    t = np.arange(round(seconds * RATE)) / RATE
    talk = 1 + 0.5 * np.sin(2 * np.pi * 3.1 * t) * np.sin(2 * np.pi * 0.7 * t)
    return _levelled(_coloured(seconds, low=220, high=900, slope=0.6, seed=540, channels=2) * talk[:, None], 0.25)


def crockery(seconds: float = 3.6) -> Samples:
    """Spoons, cups and plates, twice a second, (samples, 1) at 44.1 kHz."""
    sound = 0.002 * _coloured(seconds, low=200, high=4000, slope=0.3, seed=550, channels=1)
    random = np.random.default_rng(551)
    t = np.arange(round(0.4 * RATE)) / RATE
    for knock in range(int(seconds * 2) - 1):
        f = random.uniform(1500, 3400)
        ping = np.sum([np.sin(2 * np.pi * f * k * t) * np.exp(-t * (16 + 9 * k)) / k for k in (1, 2.76, 5.4)], axis=0)
        start = round((knock / 2 + random.uniform(0.02, 0.12)) * RATE)
        sound[start : start + len(t), 0] += (ping * random.uniform(0.1, 0.3)).astype(np.float32)
    return _levelled(sound, 0.4)


def bell(seconds: float = 2.6) -> Samples:
    """Two strokes on a tram's bell, (samples, 1) at 44.1 kHz."""
    t = np.arange(round(seconds * RATE)) / RATE
    partials = ((1180, 1.0, 2.6), (2360 * 1.007, 0.6, 3.6), (3290, 0.45, 5.0), (4970, 0.3, 8.0), (590, 0.25, 2.0))
    stroke = np.sum([level * np.sin(2 * np.pi * f * t) * np.exp(-decay * t) for f, level, decay in partials], axis=0)
    second = np.zeros_like(t)
    late = round(0.32 * RATE)
    second[late:] = stroke[:-late]
    return _levelled((stroke + 0.8 * second)[:, None], 0.5)


def night(seconds: float = 12.0) -> Samples:
    """Crickets near and far, and one frog, (samples, 2) at 44.1 kHz."""
    t = np.arange(round(seconds * RATE)) / RATE
    sound = 0.03 * _coloured(seconds, low=100, high=900, slope=0.5, seed=520, channels=2)
    for number, (f, chirps, pan) in enumerate(((4250, 2.1, 0.2), (4580, 1.7, 0.8), (3920, 2.6, 0.5))):
        phase = (t * chirps + number * 0.37) % 1.0
        gate = np.clip(np.sin(np.pi * np.clip(phase / 0.42, 0, 1)), 0, 1)
        pulse = np.clip(np.sin(2 * np.pi * 31 * t), 0, 1) ** 1.5
        chirp = (np.sin(2 * np.pi * f * t) * gate * pulse * (0.22, 0.12, 0.09)[number]).astype(np.float32)
        sound += chirp[:, None] * np.array([1 - pan, pan], np.float32)
    for start in (2.3, 2.75, 7.1, 7.6, 8.05):
        away = t - start
        croak = np.where((away > 0) & (away < 0.22), np.sin(np.pi * away / 0.22), 0.0)
        body = np.sin(2 * np.pi * 340 * t) + 0.5 * np.sin(2 * np.pi * 690 * t)
        frog = croak * body * np.clip(np.sin(2 * np.pi * 42 * t), 0, 1) * 0.16
        sound += frog.astype(np.float32)[:, None] * np.array([0.3, 0.7], np.float32)
    return _levelled(sound, 0.4)

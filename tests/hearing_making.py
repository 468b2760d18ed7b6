"""Sounds with a known fault, and what the renderers hear and make of them."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crowdcut.sound.orders import USUAL_REPAIR, ListenOrder, PrepareOrder, Repair
from examples.makers import write_sound
from renderers import listen, prepare
from renderers.job import Input

RATE = 48_000
Stereo = NDArray[np.float64]
"""[shape=(n, channels)]"""


def spoken(*, seconds: float, rate: int = RATE, seed: int = 5, level: float = 0.1) -> Stereo:
    """[shape=(n, 1)] noise from 300 to 3,000 Hz that comes and goes three times a second, as syllables do; at telephone
    rates it ends lower."""
    rng, count = np.random.default_rng(seed), int(seconds * rate)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / rate)
    spectrum[(hertz < 300) | (hertz > min(3_000, rate / 8))] = 0
    noise = np.fft.irfft(spectrum, count)
    syllables = np.clip(np.sin(2 * np.pi * 3 * np.arange(count) / rate), 0, 1)
    return (level * noise / noise.std() * syllables)[:, None]


def mains(*, seconds: float, hertz: float, multiples: dict[int, float], rate: int = RATE) -> Stereo:
    """[shape=(n, 1)] hum: amplitudes by multiple."""
    at = np.arange(int(seconds * rate)) / rate
    waves = (level * np.sin(2 * np.pi * hertz * one * at + one) for one, level in multiples.items())
    return np.sum(list(waves), axis=0)[:, None]


def heard(path: Path, repair: Repair | None = USUAL_REPAIR, *, stream: int = 0) -> dict[str, Any]:
    """The facts of a listen job."""
    return listen.run(ListenOrder(stream=stream, repair=repair), {"file": Input(path=path)}, path)


def prepared(
    path: Path, facts: dict[str, Any] | None, *, start: int = 0, length: int, speed: Fraction = Fraction(1)
) -> NDArray[np.float32]:
    """[shape=(2, length)] prepared sound; ``facts``: what was heard, None: it is left as it is."""
    out = path.with_suffix(".f32")
    order = PrepareOrder(
        stream=0,
        origin=Fraction(0),
        start_sample=start,
        length_samples=length,
        speed=speed,
        treated="" if facts is None else "listened",
    )
    inputs = {"file": Input(path=path)}
    if facts is not None:
        inputs["listened"] = Input(path=None, facts=facts)
    prepare.run(order, inputs, out)
    return np.fromfile(out, "<f4").reshape(-1, 2).T


def written(path: Path, sound: Stereo, *, rate: int = RATE, codec: str | None = None) -> Path:
    """A file of it."""
    return write_sound(path, sound.astype(np.float32), rate=rate, codec=codec, bit_rate=256_000)


def level_db(sound: NDArray[Any], hertz: float, *, width: float = 1.0, rate: int = RATE) -> float:
    """RMS of what sounds within ``width`` of ``hertz``, dBFS; [shape=(n,)]."""
    window = np.hanning(len(sound))
    power = np.square(np.abs(np.fft.rfft(sound * window))) * 2 / (len(sound) * np.square(window).sum())
    lines = np.fft.rfftfreq(len(sound), 1 / rate)
    return float(10 * np.log10(power[np.abs(lines - hertz) <= width].sum() + 1e-30))

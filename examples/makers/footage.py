"""Footage for benchmarks: pictures that give an encoder what a camera's would, and sounds like a room with people.

A camera drifts over a texture whose detail falls off as in nature, a subject crosses it, and grain lies on top.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from examples.makers.frame_code import NUMBERS, draw_frame_code
from examples.makers.sounds import Samples

_ROOM = 1.25
"""Side of the world that the camera drifts over, in sides of its picture."""
_ROLL_OFF = 0.6
"""Strength of an octave, of the one before. With grain 3, x264 at crf 18 makes 10 Mbit/s of it, as of a phone's."""
_GREY = 32
"""Grey level of the grain's layer, which is taken off again: saturated sums need numbers above zero."""


def texture(width: int, height: int, *, seed: int) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 R'G'B': octaves of noise, each weaker than the one twice its size."""
    random = np.random.default_rng(seed)
    total = np.zeros((height, width, 3), np.float32)
    cells, strength = 3, 1.0
    while cells < width:
        rows = max(2, cells * height // width)
        grey = random.standard_normal((rows, cells, 1), np.float32)
        colour = random.standard_normal((rows, cells, 3), np.float32)
        total += cv2.resize(grey + 0.5 * colour, (width, height), interpolation=cv2.INTER_CUBIC) * strength
        cells, strength = cells * 2, strength * _ROLL_OFF
    return np.clip(total * 48 + 116, 16, 240).astype(np.uint8)


def footage(
    width: int, height: int, *, seed: int, grain: float = 3.0, first: int | None = None
) -> Callable[[int], NDArray[np.uint8]]:
    """A picture for :func:`write_clip`, the same for the same seed.

    grain : standard deviation of the noise on each frame, in codes; fresh on each frame.
    first : the frame code drawn into frame 0 (see :mod:`examples.makers.frame_code`), counted on from there; None
    draws none.
    """
    world = texture(int(width * _ROOM), int(height * _ROOM), seed=seed)
    subject = texture(max(8, width // 4), max(8, height // 3), seed=seed + 1)
    spread = np.random.default_rng(seed + 2).normal(_GREY, grain, (height + 64, width + 64, 3))
    noise = np.clip(np.rint(spread), 0, 255).astype(np.uint8)

    def picture(frame: int) -> NDArray[np.uint8]:
        phase = frame / 90 + seed
        left = round((world.shape[1] - width) * (0.5 + 0.5 * np.sin(phase)))
        top = round((world.shape[0] - height) * (0.5 + 0.5 * np.cos(phase * 0.7)))
        drawn = world[top : top + height, left : left + width].copy()
        row, column = height // 8, frame * max(1, width // 160) % (width - subject.shape[1])
        drawn[row : row + subject.shape[0], column : column + subject.shape[1]] = subject
        down, across = frame * 37 % 64, frame * 23 % 64
        cv2.addWeighted(drawn, 1, noise[down : down + height, across : across + width], 1, -_GREY, dst=drawn)
        if first is not None:
            draw_frame_code(drawn, (first + frame) % NUMBERS)
        return drawn

    return picture


def bustle(*, seconds: float, seed: int, rate: int = 48_000, channels: int = 2) -> Samples:
    """Sound like speech in a room: syllables of voiced tone and noise over a low hum, peaks around -6 dBFS."""
    random = np.random.default_rng(seed)
    count = round(seconds * rate)
    time = np.arange(count) / rate
    syllables = random.uniform(0, 1, max(2, round(seconds * 5) + 1)) ** 2
    loudness = np.interp(time, np.linspace(0, seconds, len(syllables)), syllables)
    pitch = 2 * np.pi * random.uniform(100, 220)
    voice = sum(np.sin(pitch * harmonic * time) / harmonic for harmonic in range(1, 9))
    sound = loudness * (0.18 * voice + 0.06 * random.standard_normal(count)) + 0.01 * np.sin(2 * np.pi * 50 * time)
    return np.repeat(np.clip(sound, -0.5, 0.5).astype(np.float32)[:, None], channels, axis=1)

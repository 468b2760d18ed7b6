"""Prepared sounds added up, each at its sample, its level and with its fades."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crowdcut.sound.orders import Cue, Fade
from renderers.sound.pcm import Samples, interleaved_silence, samples_at, times

_RAMP_SAMPLES = 4096
"""Ramps are made in blocks of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A cue with all that is needed to play it."""

    cue: Cue
    path: Path
    amplitude: float
    alike_in: float = 0.0
    """What it has in common with the sound that goes while it comes, 0..1 (``renderers.mixing.likeness``)."""
    alike_out: float = 0.0
    """The same of the sound that comes while it goes."""

    @property
    def end_exclusive(self) -> int:
        """Programme sample just after its last."""
        return self.cue.start_sample + self.cue.length_samples


@lru_cache(maxsize=64)
def _ramp_block(number: int, length_samples: int, shape: Fade, alike: float) -> NDArray[np.float64]:
    """A block of a ramp from 0 to 1 over ``length_samples``, at the middle of each sample: so a fade in and a fade out
    that share their samples add up to 1 (raised-cosine) or keep the power (equal-power) of sounds that are so much
    ``alike``.

    Both begin and end level. A straight line has a corner at each end, and a low tone of full scale that goes in 10 ms
    clicks there: what lies above 1 kHz reaches -47 dB, with the raised cosine -76 dB.
    """
    ages = np.arange(number * _RAMP_SAMPLES, (number + 1) * _RAMP_SAMPLES)
    way = np.sin(np.clip((ages + 0.5) / length_samples, 0, 1) * (np.pi / 2)) ** 2
    if shape == "raised-cosine":
        return way
    # Of sounds a sin x + b cos x the power is 1 + alike * sin 2x where those of a and b are 1.
    return np.sin(way * (np.pi / 2)) / np.sqrt(1 + alike * np.sin(way * np.pi))


def _ramp(age: int, length: int, whole: int, shape: Fade, alike: float) -> NDArray[np.float64]:
    """``length`` samples of a ramp from its sample ``age`` on; most are asked for again and again."""
    first, end = age // _RAMP_SAMPLES, -(-(age + length) // _RAMP_SAMPLES)
    blocks = [_ramp_block(number, whole, shape, alike) for number in range(first, end)]
    skipped = age - first * _RAMP_SAMPLES
    return np.concatenate(blocks)[skipped : skipped + length]


def _rising(cue: Cue, age: int, length: int, *, beyond: int, fade_samples: int, alike: float) -> NDArray[np.float64]:
    """Amplitude of ``length`` samples of a cue as it comes in, the first of them ``age`` after its beginning; shape
    (length,) or (1,) where no fade touches them. Looked at from its end, it is how it goes out.

    beyond : samples of the same sound on that side of it.
    fade_samples : the fade of the whole sound on that side.
    alike : to what it gives way to or takes over from there.
    """
    fades: tuple[tuple[int, int, Fade, float], ...] = (
        (age + beyond, fade_samples, cue.fade, 0.0 if beyond else alike),
        (age, cue.joint_samples if beyond else 0, cue.joint, alike),
    )
    gains = np.ones(1)
    for at, whole, shape, like in fades:
        if at < whole:
            gains = gains * _ramp(at, length, whole, shape, like)
    return gains


def _gains(voice: Voice, first: int, length: int) -> NDArray[np.float32]:
    """Amplitude of samples ``first`` .. ``first + length`` of a cue, counted from its own beginning; shape (length,)
    or (1,) where no fade touches them."""
    cue = voice.cue
    left = cue.length_samples - first - length
    ends = (
        (first, cue.before_samples, cue.fade_in_samples, voice.alike_in),
        (left, cue.after_samples, cue.fade_out_samples, voice.alike_out),
    )
    coming, going = (
        _rising(cue, age, length, beyond=beyond, fade_samples=fade, alike=alike) for age, beyond, fade, alike in ends
    )
    return (voice.amplitude * coming * going[::-1]).astype(np.float32)


def _heard_from(samples: Samples, pan: float) -> Samples:
    """Both sides in one and heard from ``pan``, -1..1, with the same power wherever that is (sine and cosine)."""
    angle = (pan + 1) * np.pi / 4
    # What came in mono lies on both sides at -3 dB, and keeps its power.
    sides = np.array([np.cos(angle), np.sin(angle)]) * np.sqrt(0.5)
    return sides[:, None].astype(np.float32) * samples.sum(axis=0)


def samples_of(voice: Voice, first: int, length: int) -> Samples:
    """Samples ``first`` .. ``first + length`` of a cue as they are heard from where it is, without its gain."""
    samples = samples_at(voice.path, start=first, length=length)
    return samples if voice.cue.pan is None else _heard_from(samples, float(voice.cue.pan))


def _add(block: Samples, start: int, voice: Voice) -> None:
    """Add what sounds of ``voice`` within ``block``, which begins at programme sample ``start``."""
    cue = voice.cue
    begin, end = max(start, cue.start_sample), min(start + block.shape[1], voice.end_exclusive)
    age, length = begin - cue.start_sample, end - begin
    block[:, begin - start : end - start] += times(samples_of(voice, age, length), _gains(voice, age, length))


def added_up(voices: Iterable[Voice], start: int, length: int) -> Samples:
    """What sounds from programme sample ``start`` on. Cues are added in their order, so that sums do not depend on how
    the programme is cut into blocks."""
    block, end = interleaved_silence(length), start + length
    for voice in voices:
        if voice.cue.start_sample < end and start < voice.end_exclusive:
            _add(block, start, voice)
    return block

"""The loudest 400 ms and 3 s of a sound, found at any hundredth of a second (EBU Tech 3341, momentary and short-term).

FFmpeg's ``ebur128`` reads ten times a second: a tone of 400 ms between two of its readings comes out up to 0.6 LU too
soft, and Tech 3341 (case 13) allows 0.1.
"""

from math import log10
from typing import cast

import numpy as np
from av import AudioFrame
from numpy.typing import NDArray

from crowdcut.timing import SAMPLE_RATE
from renderers.loudness.meter import OFFSET_LU, SILENCE_LUFS, kept_normal, stereo_graph
from renderers.sound.pcm import Samples, frame_of, samples_of

_STEP_SAMPLES = SAMPLE_RATE // 100
_MOMENTARY_STEPS, _SHORT_TERM_STEPS = 40, 300
_STAGES = (
    "b0=1.53512485958697:b1=-2.69169618940638:b2=1.19839281085285:a0=1:a1=-1.69065929318241:a2=0.73248077421585",
    "b0=1:b1=-2:b2=1:a0=1:a1=-1.99004745483398:a2=0.99007225036621",
)
"""K-weighting at 48 kHz: ITU-R BS.1770-4, annex 1, tables 1 (shelf) and 2 (high-pass)."""

_DIED_AWAY_SAMPLES = SAMPLE_RATE
"""Of silence, after which nothing is left in the filters: the slower of them, whose poles lie 0.995 from the middle,
goes down by 2,000 dB in a second."""


def _loudest(powers: NDArray[np.float64], steps: int) -> float | None:
    """LUFS of the loudest ``steps`` consecutive ones; None where there are fewer, or for silence."""
    if len(powers) < steps:
        return None
    sums = np.concatenate([[0.0], np.cumsum(powers)])
    power = float((sums[steps:] - sums[:-steps]).max()) / steps
    lufs = 10 * log10(power) - OFFSET_LU if power > 0 else SILENCE_LUFS
    return round(lufs, 3) if lufs > SILENCE_LUFS else None


class WeightedPowers:
    """Takes blocks of any length of 48 kHz stereo, and tells the weighted power (BT.1770-4) of both channels in each
    step of so many samples."""

    def __init__(self, step_samples: int) -> None:
        # In single precision the high-pass, whose poles all but touch the circle, hums by itself.
        self._graph = stereo_graph(*(("biquad", f"{stage}:precision=f64") for stage in _STAGES))
        self._step_samples = step_samples
        self._taken = self._silent = 0
        self._rest = np.zeros(0)
        self._powers: list[NDArray[np.float64]] = []

    def take(self, samples: Samples) -> None:
        """The next samples; [shape=(2, n)]."""
        if not samples.shape[1]:
            return
        power = np.concatenate([self._rest, self._weighted(samples)])
        whole = len(power) // self._step_samples * self._step_samples
        self._rest = power[whole:]
        self._powers.append(power[:whole].reshape(-1, self._step_samples).mean(axis=1))

    def _weighted(self, samples: Samples) -> NDArray[np.float64]:
        """The weighted power of each sample."""
        self._silent = 0 if samples.any() else self._silent + samples.shape[1]
        if self._silent - samples.shape[1] >= _DIED_AWAY_SAMPLES:
            return np.zeros(samples.shape[1])
        self._graph.push(frame_of(kept_normal(samples), start=self._taken))
        self._taken += samples.shape[1]
        weighted = samples_of(cast(AudioFrame, self._graph.pull()))
        return np.einsum("cn,cn->n", weighted, weighted)

    @property
    def powers(self) -> NDArray[np.float64]:
        """One for each whole step."""
        return np.concatenate([np.zeros(0), *self._powers])


class RunningMeter(WeightedPowers):
    """Takes blocks of any length of 48 kHz stereo."""

    def __init__(self) -> None:
        super().__init__(_STEP_SAMPLES)

    @property
    def max_momentary(self) -> float | None:
        """LUFS, 400 ms; None for silence, and for what is shorter."""
        return _loudest(self.powers, _MOMENTARY_STEPS)

    @property
    def max_short_term(self) -> float | None:
        """LUFS, 3 s; None for silence, and for what is shorter."""
        return _loudest(self.powers, _SHORT_TERM_STEPS)

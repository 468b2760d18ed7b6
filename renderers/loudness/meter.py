"""How loud 48 kHz stereo is (ITU-R BT.1770-4, EBU Tech 3341 and 3342), measured block by block."""

from array import array
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import lru_cache
from math import inf, isnan, log10
from typing import TypeVar

import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from crowdcut.timing import SAMPLE_RATE
from renderers.loudness.highest_peak import HighestPeak
from renderers.loudness.true_peak import PeakFinder, decibels
from renderers.sound.pcm import Samples, frame_of, silence
from renderers.sound.steps import StepFile, Steps, largest

GATING_SAMPLES = SAMPLE_RATE * 2 // 5
"""BT.1770-4: loudness is measured in blocks of 400 ms."""
HOP_SAMPLES = SAMPLE_RATE // 10
"""ebur128 gives its readings ten times a second."""
_GATING_HOPS = GATING_SAMPLES // HOP_SAMPLES
OFFSET_LU = 0.691
"""BT.1770-4: what a channel's weighted power, in dB, is more than its loudness."""
SILENCE_LUFS = -70.0
"""BT.1770-4's absolute gate: what is quieter is silence, and the filter reads just this where nothing passed."""

_FAINT = np.float32(1e-20)
"""-400 dB: gone in any sound, and in silence enough for a filter not to fade out into denormal numbers, on which a
processor spends twenty to forty times as long."""

Powers = NDArray[np.float64]
"""[shape=(n,)] weighted power of both channels in each gating block; they begin 100 ms after each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the meter read. None stands for silence, or for a window that was never full."""

    integrated: float | None
    """LUFS, gated, -70..; of sound shorter than a gating block: its loudness while it lasts."""
    max_momentary: float | None
    """LUFS, 400 ms."""
    max_short_term: float | None
    """LUFS, 3 s."""
    range_lu: float
    """Loudness range (LRA), LU; 0 where there is too little to tell."""
    short_term: tuple[float | None, ...]
    """LUFS of the 3 s up to the end of each whole second."""
    length_samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness(Reading):
    """The same, and the peaks."""

    true_peak: float | None
    """dBTP."""


_READINGS = tuple(field.name for field in fields(Reading))


def stereo_graph(*filters: tuple[str, str]) -> Graph:
    """A graph that passes 48 kHz stereo through filters: names and arguments, in order."""
    graph = Graph()
    graph.threads = 1
    source = graph.add_abuffer(
        sample_rate=SAMPLE_RATE, format="fltp", layout="stereo", time_base=Fraction(1, SAMPLE_RATE)
    )
    stages = [graph.add(name, arguments) for name, arguments in filters]
    graph.link_nodes(source, *stages, graph.add("abuffersink")).configure()
    return graph


@lru_cache(maxsize=4)
def _faint(length_samples: int) -> Samples:
    faint = np.full((1, length_samples), _FAINT)
    faint[:, 1::2] = -_FAINT
    return faint


def kept_normal(samples: Samples) -> Samples:
    """The same for a recursive filter: what is silent in it alternates between two numbers that nothing will read."""
    return np.ascontiguousarray(samples) + _faint(samples.shape[1])


def _read(told: str) -> float:
    """A reading, LUFS. In silence after sound the filter's sliding sum may end a hair below nothing, and it then gives
    the logarithm of that."""
    lufs = float(told)
    return -inf if isnan(lufs) else lufs


def _audible(lufs: float) -> float | None:
    return round(lufs, 3) if lufs > SILENCE_LUFS else None


class LoudnessMeter:
    """Takes blocks of any length; :meth:`reading` ends it."""

    def __init__(self) -> None:
        self._graph = stereo_graph(("ebur128", "metadata=1:framelog=quiet"))
        self._taken = 0
        self._read = 0
        self._integrated = SILENCE_LUFS
        self._range = 0.0
        self._momentary = array("d")
        self._short_term = SILENCE_LUFS
        self._curve: list[float | None] = []

    def take(self, samples: Samples) -> None:
        """The next samples; [shape=(2, n)]."""
        if not samples.shape[1]:
            return
        self._graph.push(frame_of(kept_normal(samples), start=self._taken))
        self._taken += samples.shape[1]
        while self._taken - self._read >= HOP_SAMPLES:
            self._note(self._graph.pull().metadata)
            self._read += HOP_SAMPLES

    def _note(self, readings: dict[str, str]) -> None:
        self._integrated = float(readings["lavfi.r128.I"])
        self._range = float(readings["lavfi.r128.LRA"])
        self._momentary.append(_read(readings["lavfi.r128.M"]))
        short_term = _read(readings["lavfi.r128.S"])
        self._short_term = max(self._short_term, short_term)
        if (self._read + HOP_SAMPLES) % SAMPLE_RATE == 0:
            self._curve.append(_audible(short_term))

    def reading(self) -> Reading:
        """What was read of everything taken."""
        length, correction = self._taken, 0.0
        if 0 < length < GATING_SAMPLES:
            LoudnessMeter.take(self, silence(GATING_SAMPLES - length))
            correction = 10 * log10(GATING_SAMPLES / length)
        integrated = _audible(self._integrated)
        return Reading(
            integrated=None if integrated is None else round(integrated + correction, 3),
            max_momentary=_audible(max(self._momentary, default=SILENCE_LUFS)),
            max_short_term=_audible(self._short_term),
            range_lu=self._range,
            short_term=tuple(self._curve),
            length_samples=length,
        )

    @property
    def powers(self) -> Powers:
        """What :func:`gated` makes the integrated loudness of."""
        return 10 ** ((np.array(self._momentary[_GATING_HOPS - 1 :]) + OFFSET_LU) / 10)


def _dbtp(amplitude: float) -> float | None:
    peak = decibels(amplitude)
    return None if peak is None else round(peak, 3)


def dbtp(peaks: Steps) -> float | None:
    """The largest of all, dBTP; None for silence."""
    return _dbtp(largest(peaks))


class Meter(LoudnessMeter):
    """Finds the true peak as well, in a thread of its own; :meth:`loudness` ends it."""

    def __init__(self) -> None:
        super().__init__()
        self._beside = ThreadPoolExecutor(1)
        self._peak = HighestPeak()

    def take(self, samples: Samples) -> None:
        """The next samples; [shape=(2, n)]."""
        found = self._beside.submit(self._find, samples)
        super().take(samples)
        found.result()

    def _find(self, samples: Samples) -> None:
        self._peak.take(samples)

    def _true_peak(self) -> float | None:
        return _dbtp(self._peak.amplitude())

    def loudness(self) -> Loudness:
        """The readings of everything taken."""
        reading = self.reading()
        return Loudness(**{name: getattr(reading, name) for name in _READINGS}, true_peak=self._true_peak())


class StepMeter(Meter):
    """Finds the peaks of all steps, which takes three times as long."""

    def __init__(self) -> None:
        super().__init__()
        self._finder = PeakFinder()
        self.peaks = StepFile()
        """Of everything taken, once it has ended: one of :data:`Peaks` a step."""

    def _find(self, samples: Samples) -> None:
        self.peaks.append(self._finder.take(samples))

    def _true_peak(self) -> float | None:
        self.peaks.append(self._finder.rest())
        return dbtp(self.peaks)


def gated(powers: Powers) -> float | None:
    """Integrated loudness, LUFS (BT.1770-4, gates at -70 LUFS and 10 LU under what passes that)."""
    audible = powers[powers > 10 ** ((SILENCE_LUFS + OFFSET_LU) / 10)]
    if not len(audible):
        return None
    return 10 * log10(audible[audible > audible.mean() / 10].mean()) - OFFSET_LU


def in_speech(powers: Powers, speech: Sequence[Sequence[int]]) -> Powers:
    """The powers of the gating blocks whose middle lies in speech; all of them where none does.

    speech : stretches from one sample to one exclusive, in order.
    """
    middles = (np.arange(len(powers)) + _GATING_HOPS // 2) * HOP_SAMPLES
    starts, ends = np.array(speech).reshape(-1, 2).T
    inside = np.searchsorted(starts, middles, "right") > np.searchsorted(ends, middles, "right")
    return powers[inside] if inside.any() else powers


AnyMeter = TypeVar("AnyMeter", bound=LoudnessMeter)


def having_taken(meter: AnyMeter, blocks: Iterable[Samples]) -> AnyMeter:
    """The meter, once it has taken consecutive blocks."""
    for block in blocks:
        meter.take(block)
    return meter


def measured(blocks: Iterable[Samples]) -> Loudness:
    """The loudness of consecutive blocks."""
    return having_taken(Meter(), blocks).loudness()

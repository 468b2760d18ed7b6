"""Finds the hum of the mains: tones at 50 or 60 Hz and their multiples that sound throughout a contribution.

Notes come and go and hum stays, so it is looked for in what the quietest fifth of all moments have at each frequency,
and held against the floor a few hertz beside it. A held note at just these frequencies cannot be told from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

import numpy as np
from numpy.typing import NDArray

from crowdcut.sound.hearing import Hum
from crowdcut.timing import SAMPLE_RATE
from renderers.sound.pcm import CHANNELS, Samples

_EVERY = 16
"""Samples that become one: hum is looked for below 1 kHz, at 3 kHz."""
_RATE = SAMPLE_RATE // _EVERY
_WINDOW = 4096
"""1.4 s: lines 0.73 Hz apart."""
_STEP = _WINDOW // 2
_BINS = 1024 * _WINDOW // _RATE
_LINE = _RATE / _WINDOW
"""Hertz from line to line."""
_MOST_MOMENTS = 512
"""Spectra that are kept; of a longer sound every second one, every fourth..."""
_MOMENTS_LEAST = 4
"""In less than 3.4 s of sound nobody can tell hum from a held note."""
_QUIET = 0.2
_MAINS = (50.0, 60.0)
_AWAY_HERTZ = 0.25
"""How far from that the mains may be, as grids are run."""
_APART = 0.003
"""Part of its frequency that a multiple may be away from where the others say that it is."""
_MULTIPLES = range(1, 17)
_STANDS_DB, _BESIDE_DB, _ALONE_DB = 12.0, 8.0, 25.0
"""Above the floor beside it: what the first or the second multiple must have, what two others need then, and what is
hum without them."""
_FRIENDS = 2
_LEVEL_LEAST_DBFS = -75.0
"""Softer hum is heard by nobody, even where its sound is raised by 20 dB."""

Numbers = NDArray[np.float64]

_RISE = ((np.arange(_EVERY) + 0.5) / _EVERY**2).astype(np.float32)
_HANN = np.hanning(_WINDOW + 1)[:-1]
_POWER = 2 / (CHANNELS * _WINDOW * float(np.square(_HANN).sum()))
"""From lines of both channels, added up, to mean power."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A multiple of the mains' frequency."""

    multiple: int
    hertz: float
    power: float
    above_db: float


def _lines(quiet: Numbers, mains: float) -> list[_Line]:
    """The multiples of one mains' frequency that there are, whether they stand out or not.

    quiet : [shape=(lines,)] power.
    """
    lines = []
    for multiple in _MULTIPLES:
        middle, reach = multiple * mains / _LINE, max(1.0, multiple * _AWAY_HERTZ / _LINE)
        first = round(middle - reach)
        peak = first + int(quiet[first : round(middle + reach) + 1].argmax())
        beside = np.r_[quiet[peak - 24 : peak - 5], quiet[peak + 6 : peak + 25]]
        floor = float(np.median(beside))
        if floor <= 0:
            continue
        around = np.log(np.maximum(quiet[peak - 1 : peak + 2], 1e-30))
        bend = around[0] - 2 * around[1] + around[2]
        aside = float(np.clip((around[0] - around[2]) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0
        power = float(quiet[peak - 1 : peak + 2].sum())
        lines.append(_Line(multiple, (peak + aside) * _LINE, power, 10 * log10(float(quiet[peak]) / floor)))
    return lines


def _hum(lines: Sequence[_Line], mains: float) -> Hum | None:
    """What the multiples of one mains' frequency say."""
    near = [one for one in lines if abs(one.hertz / one.multiple - mains) <= _AWAY_HERTZ and one.above_db >= _BESIDE_DB]
    first = max((one for one in near if one.multiple <= 2), key=lambda one: one.above_db, default=None)
    if first is None or first.above_db < _STANDS_DB:
        return None
    hertz = first.hertz / first.multiple
    own = [one for one in near if abs(one.hertz / one.multiple - hertz) <= _APART * mains]
    if first.above_db < _ALONE_DB and len(own) <= _FRIENDS:
        return None
    level = 10 * log10(sum(one.power for one in own) * _POWER)
    if level < _LEVEL_LEAST_DBFS:
        return None
    # The higher a multiple is the better it tells the frequency, and the more it stands out.
    weights = [one.multiple * min(one.above_db, _ALONE_DB) for one in own]
    told = sum(one.hertz / one.multiple * weight for one, weight in zip(own, weights, strict=True)) / sum(weights)
    return Hum(
        hertz=round(told, 3),
        multiples=tuple(one.multiple for one in own),
        level_dbfs=round(level, 1),
        above_db=round(first.above_db, 1),
    )


class HumFinder:
    """Takes blocks of any length; :meth:`hum` ends it."""

    def __init__(self) -> None:
        self._rest = np.zeros((CHANNELS, 0), np.float32)
        self._before = np.zeros((CHANNELS, 1), np.float32)
        self._slow = np.zeros((CHANNELS, 0))
        self._moments: list[NDArray[np.float32]] = []
        self._stride, self._number = 1, 0

    def take(self, samples: Samples) -> None:
        """The next samples; [shape=(2, n)] at 48 kHz."""
        samples = np.concatenate([self._rest, samples], axis=1)
        whole = samples.shape[1] // _EVERY * _EVERY
        self._rest = samples[:, whole:]
        blocks = samples[:, :whole].reshape(CHANNELS, -1, _EVERY)
        # A triangle over 32 samples: what would fold down onto hum from around 3 kHz is 70 dB lower then.
        rising, falling = (blocks * _RISE).sum(axis=2), (blocks * _RISE[::-1]).sum(axis=2)
        falls = np.concatenate([self._before, falling], axis=1)
        self._slow = np.concatenate([self._slow, rising + falls[:, :-1]], axis=1)
        self._before = falls[:, -1:]
        while self._slow.shape[1] >= _WINDOW:
            self._hear(self._slow[:, :_WINDOW])
            self._slow = self._slow[:, _STEP:]

    def _hear(self, window: Numbers) -> None:
        number, self._number = self._number, self._number + 1
        if number % self._stride or not window.any():
            return
        spectrum = np.fft.rfft(window * _HANN, axis=1)[:, :_BINS]
        self._moments.append(np.square(np.abs(spectrum)).sum(axis=0).astype(np.float32))
        if len(self._moments) > _MOST_MOMENTS:
            self._moments, self._stride = self._moments[::2], self._stride * 2

    def hum(self) -> Hum | None:
        """What was found in everything taken; None for no hum."""
        if len(self._moments) < _MOMENTS_LEAST:
            return None
        quiet = np.quantile(np.array(self._moments), _QUIET, axis=0).astype(np.float64)
        found = [_hum(_lines(quiet, mains), mains) for mains in _MAINS]
        return max((one for one in found if one is not None), key=lambda one: one.above_db, default=None)

"""How the two sides of a sound lie to each other and to zero: DC offset, sides turned over, a side without sound."""

from math import log10

import numpy as np
from numpy.typing import NDArray

from crowdcut.sound.hearing import Side
from crowdcut.timing import SAMPLE_RATE
from renderers.sound.pcm import CHANNELS, Samples, joined, silence

_BLOCK_SAMPLES = SAMPLE_RATE * 2 // 5
"""400 ms: the lowest note that anybody hears has eight waves in it."""
_BLOCKS_LEAST = 3
"""In less sound nothing is steady."""
_OFFSET_LEAST = 0.001
"""-60 dBFS: a step of it at a joint is a click in a quiet room."""
_OFFSET_SPREAD, _OFFSET_SPREAD_OF_FEW = 0.5, 0.25
"""Part of an offset by which the middle half of all blocks may differ, and of a few."""
_FEW_BLOCKS = 8
_MONO_LOSS_DB = 10.0
"""How far under the sides' difference their sum lies where they are turned over: a correlation under -0.8. Music that
was made wide stays above -0.3; one side of a true stereo pair that was wired the other way round cannot be told."""
_TURNED_PART = 0.9
"""Of the blocks with sound, in how many the sum is softer than the difference."""
_SIDE_DB = 40.0
"""How far one side is under the other where nobody hears it."""
_AUDIBLE = 1e-7
"""Of both sides' powers together: -70 dBFS."""

Numbers = NDArray[np.float64]


class Sides:
    """Takes blocks of any length; the facts are those of all that was taken."""

    def __init__(self) -> None:
        self._rest = silence(0)
        self._means: list[Numbers] = []
        """[shape=(blocks, 2)]"""
        self._powers: list[Numbers] = []
        """[shape=(blocks, 3)] mean squares of left and right, and mean of left times right."""

    def take(self, samples: Samples) -> None:
        """The next samples; [shape=(2, n)]."""
        samples = joined([self._rest, samples])
        whole = samples.shape[1] // _BLOCK_SAMPLES * _BLOCK_SAMPLES
        self._rest = samples[:, whole:]
        blocks = samples[:, :whole].reshape(CHANNELS, -1, _BLOCK_SAMPLES)
        self._means.append(blocks.mean(axis=2, dtype=np.float64).T)
        left, right = np.square(blocks, dtype=np.float64).mean(axis=2)
        across = np.multiply(*blocks, dtype=np.float64).mean(axis=1)
        self._powers.append(np.stack([left, right, across], axis=1))

    def _heard(self) -> Numbers:
        """The powers of the blocks with sound."""
        powers = np.concatenate([np.zeros((0, 3)), *self._powers])
        return powers[powers[:, :CHANNELS].sum(axis=1) > _AUDIBLE]

    def offset(self) -> tuple[float, float] | None:
        """DC offset of both sides; None where it is small, or not the same throughout."""
        means = np.concatenate([np.zeros((0, CHANNELS)), *self._means])
        means = means[means.any(axis=1)]
        if len(means) < _BLOCKS_LEAST:
            return None
        low, middle, high = np.quantile(means, [0.25, 0.5, 0.75], axis=0)
        spread = _OFFSET_SPREAD if len(means) >= _FEW_BLOCKS else _OFFSET_SPREAD_OF_FEW
        steady = (np.abs(middle) >= _OFFSET_LEAST) & (high - low <= spread * np.abs(middle))
        if not steady.any():
            return None
        left, right = np.where(steady, middle, 0.0)
        return round(float(left), 6), round(float(right), 6)

    def mono_loss_db(self) -> float | None:
        """How much softer the sides' sum is than their difference, where they are turned over; else None."""
        heard = self._heard()
        if len(heard) < _BLOCKS_LEAST:
            return None
        both, across = heard[:, :CHANNELS].sum(axis=1), 2 * heard[:, 2]
        together, apart = float((both + across).sum()), float((both - across).sum())
        loss = 10 * log10(apart / max(together, 1e-10 * apart)) if apart > 0 else 0.0
        turned = float((across < 0).mean())
        return round(loss, 1) if loss >= _MONO_LOSS_DB and turned >= _TURNED_PART else None

    def one_sided(self) -> Side | None:
        """The only side on which anything is heard; None where it is both or neither."""
        heard = self._heard()
        if len(heard) < _BLOCKS_LEAST:
            return None
        left, right = (float(heard[:, side].sum()) for side in range(CHANNELS))
        most = 10 ** (-_SIDE_DB / 10)
        if right <= most * left:
            return "left"
        return "right" if left <= most * right else None

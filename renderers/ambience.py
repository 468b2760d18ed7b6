"""The quietest steady stretch of a recording once it is mended: what its room sounds like when nobody does anything."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from crowdcut.records import record_from
from crowdcut.sound.hearing import Treatment
from crowdcut.sound.orders import AmbienceOrder
from crowdcut.timing import SAMPLE_RATE
from renderers.hearing.mending import mended
from renderers.job import Input
from renderers.loudness.block_powers import BlockPowers
from renderers.sound.decode import placed_sound
from renderers.sound.place import Damage, Placed, consecutive, filled

_BLOCK_SAMPLES = SAMPLE_RATE // 10
_LEAST_BLOCKS, _MOST_BLOCKS = 10, 60
"""1 s to 6 s: what is shorter repeats too soon, what is longer seldom stays the same."""
_STEADY_DB = 6.0
"""By which blocks differ at most within a second. The rumble of a room moves by 4 dB, words by 20."""
_LIKE_DB = 4.0
"""How far from that second's level a block may be that goes on from it."""
_GATED_DBFS = -80.0
"""What is quieter is no room: digital silence, or a recorder's gate."""

Levels = NDArray[np.float64]
"""[shape=(n,)] RMS of each 100 ms, dBFS."""


def _levels(sound: Iterator[Placed]) -> tuple[int, Levels]:
    """Where a sound begins, and its levels; a gap is silence."""
    opening = next(sound)
    blocks = BlockPowers(_BLOCK_SAMPLES)
    for samples, _ in filled(chain([opening], sound)):
        blocks.take(samples)
    return opening.start, 10 * np.log10(np.maximum(np.array(blocks.powers), 1e-20))


def _free(levels: Levels, first: int, speech: Sequence[Sequence[int]]) -> NDArray[np.bool_]:
    """Blocks in which nobody speaks, and that are neither the first nor the last: coders and recorders fade there."""
    free = np.ones(len(levels), bool)
    free[:1] = free[-1:] = False
    for start, end in speech:
        free[max(0, (start - first) // _BLOCK_SAMPLES) : max(0, -(-(end - first) // _BLOCK_SAMPLES))] = False
    return free & (levels >= _GATED_DBFS)


def _quietest(levels: Levels, free: NDArray[np.bool_]) -> tuple[int, int, float] | None:
    """Blocks [first, last) of the quietest steady second and of what goes on like it, and that second's level; None
    where there is none.
    """
    if len(levels) < _LEAST_BLOCKS:
        return None
    windows = sliding_window_view(levels, _LEAST_BLOCKS)
    fits = (np.ptp(windows, axis=1) <= _STEADY_DB) & sliding_window_view(free, _LEAST_BLOCKS).all(axis=1)
    if not fits.any():
        return None
    means = np.where(fits, windows.mean(axis=1), np.inf)
    first = int(means.argmin())
    last, level = first + _LEAST_BLOCKS, float(means[first])
    alike = free & (np.abs(levels - level) <= _LIKE_DB)
    while last < len(levels) and alike[last] and last - first < _MOST_BLOCKS:
        last += 1
    while first > 0 and alike[first - 1] and last - first < _MOST_BLOCKS:
        first -= 1
    return first, last, level


def run(order: AmbienceOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, object]:
    """Look for it; nothing is written to ``out``.

    Facts: ``stretch``, from one sample to one exclusive of the stream's own time at 48 kHz, and ``dbfs``, its RMS; both
    None where no second of it is steady.
    Raises JobFailed naming the file where none of its sound can be decoded.
    """
    source, heard = inputs["file"].path, inputs["heard"].facts
    assert source is not None
    treatment = record_from(heard["treatment"], Treatment)
    with closing(placed_sound(source, stream=order.stream, damage=Damage())) as sound:
        begin, levels = _levels(mended(consecutive(sound), treatment))
    found = _quietest(levels, _free(levels, begin, heard["speech"]))
    if found is None:
        return {"stretch": None, "dbfs": None}
    first, last, level = found
    return {"stretch": [begin + block * _BLOCK_SAMPLES for block in (first, last)], "dbfs": round(level, 2)}

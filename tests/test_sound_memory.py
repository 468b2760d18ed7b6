"""Finishing a long programme takes little more memory than finishing a short one."""

import tracemalloc

import numpy as np
import pytest

from crowdcut.sound.orders import FinishOrder
from renderers import finish
from renderers.loudness.levelling import Mix, keep_level, kept_level, level_of, settled
from renderers.loudness.meter import StepMeter, measured
from renderers.sound.encode import Packets
from renderers.sound.steps import BLOCK_STEPS, StepFile, blocks, largest, made, smallest

RATE = 48_000
STEPS_A_MINUTE = 60_000
GROWTH_BYTES = 120_000
"""A minute; a programme's peaks alone take 240,000 where they are held. One run may take a block, 384,000, more than
another, as its threads happen to meet."""


class _Held(StepFile):
    """Steps in memory: what is measured where nothing is kept in files."""

    def __init__(self):
        super().__init__()
        self._held = np.zeros(0, np.float32)

    def __getitem__(self, part):
        return self._held[part]

    def put(self, first, numbers):
        self._held = np.concatenate([self._held[:first], numbers, self._held[first + len(numbers) :]])
        self._length = len(self._held)


def _order(minutes):
    return FinishOrder(
        codec="aac",
        bit_rate=256_000,
        integrated_lufs=-14.0,
        true_peak_dbtp=-1.0,
        length_samples=minutes * 60 * RATE,
    )


def _peaks(minutes, loudest):
    """Of noise with beats."""
    rng = np.random.default_rng(3)
    return made(
        minutes * STEPS_A_MINUTE,
        lambda start, end: np.where(
            np.arange(start, end) % 500 < 9, loudest, 0.1 + 0.1 * rng.random(end - start)
        ).astype(np.float32),
    )


def _levelled_twice(folder, minutes):
    """All that is done with a programme's peaks: it is levelled, found to be over its ceiling, and mended."""
    powers = np.full(minutes * 600 - 3, 0.01)
    length = minutes * 60 * RATE
    mix = Mix(path=folder / "mix", length_samples=length, integrated=-20.7, peaks=_peaks(minutes, 0.9), powers=powers)
    level = settled(mix, -14.0, finish.nominal_ceilings(mix, _order(minutes)))
    heard = measured([np.zeros((2, 1), np.float32)])
    result = finish._Result(level=level, aim_lufs=-14.0, packets=Packets(), heard=heard, peaks=_peaks(minutes, 0.91))
    mended, _ = finish._mended(mix, _order(minutes), result, 1)
    assert mended.changed(level, length)
    assert smallest(mended.ceilings) < smallest(level.ceilings)
    keep_level(mended, folder / "sound")


def _heard(_folder, minutes):
    meter, block = StepMeter(), np.random.default_rng(4).standard_normal((2, RATE)).astype(np.float32) * 0.1
    for _ in range(minutes * 60):
        meter.take(block)
    assert meter.loudness().true_peak > -20
    assert len(meter.peaks) == minutes * STEPS_A_MINUTE


def _most_bytes(work, folder, minutes):
    tracemalloc.start()
    work(folder, minutes)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize(("work", "minutes"), [(_levelled_twice, (2, 12)), (_heard, (1, 5))])
def test_memory_does_not_grow_with_the_programme(tmp_path, monkeypatch, work, minutes, held):
    if held:
        for module in ("renderers.sound.steps", "renderers.loudness.limiter", "renderers.loudness.meter"):
            monkeypatch.setattr(f"{module}.StepFile", _Held)
    work(tmp_path, 1)  # what is made once
    short, long = (_most_bytes(work, tmp_path, count) for count in minutes)
    growth = (long - short) / (minutes[1] - minutes[0])
    assert (growth > GROWTH_BYTES) if held else (growth < GROWTH_BYTES)


def test_steps_are_read_as_they_were_put():
    numbers = np.random.default_rng(5).random(2 * BLOCK_STEPS + 7).astype(np.float32)
    steps = made(len(numbers), lambda start, end: numbers[start:end])
    steps.put(BLOCK_STEPS - 2, np.float32([2, 0, 3]))
    numbers[BLOCK_STEPS - 2 : BLOCK_STEPS + 1] = 2, 0, 3
    assert [start for start, _ in blocks(steps)] == [0, BLOCK_STEPS, 2 * BLOCK_STEPS]
    assert np.array_equal(np.concatenate([part for _, part in blocks(steps)]), numbers)
    assert np.array_equal(steps[-5:], numbers[-5:])
    assert len(steps[9:3]) == len(steps[len(numbers) :]) == 0
    assert (largest(steps), smallest(steps)) == (3, 0)
    assert (largest(StepFile()), smallest(StepFile())) == (0, 1)


def test_a_curve_that_was_kept_is_read_from_its_file(tmp_path):
    peaks = _peaks(2, 0.9)
    mix = Mix(path=tmp_path, length_samples=0, integrated=-14.0, peaks=peaks, powers=np.zeros(0))
    level = level_of(mix, 3.0, np.full(len(peaks), 0.8, np.float32))
    keep_level(level, tmp_path / "sound")
    gain, curve = kept_level(tmp_path / "sound")
    assert gain == level.gain
    assert len(curve) == len(level.curve) == len(peaks) + 1
    assert np.array_equal(curve[0 : len(curve)], level.curve[0 : len(curve)])
    assert largest(curve) > 0.2

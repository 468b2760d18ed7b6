"""Hear a contribution's whole sound once: how loud it is, how noisy, how long."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import chain
from math import log10
from pathlib import Path

import numpy as np

from crowdcut.orders import ListenOrder
from crowdcut.timing import SAMPLE_RATE
from renderers.decode_sound import placed_sound
from renderers.job import Input
from renderers.meter import Meter, gated, in_speech
from renderers.pcm import BLOCK_SAMPLES, CHANNELS, Samples, joined, silence
from renderers.place_sound import Damage, consecutive
from renderers.speech import SpeechFinder

_FLOOR_SAMPLES = SAMPLE_RATE // 20
"""50 ms: in a reader's breath there is room for that, but not for the 400 ms in which loudness is measured."""
_FLOOR_PART = 20
"""The quietest twentieth is taken for pauses: the tenth is half speech where somebody reads without a rest."""


class _Floor:
    """The noise floor: the level that a twentieth of all 50 ms blocks stay below.

    Digital silence before and after the sound was put there by whoever cut it: it is not of its room.
    """

    def __init__(self) -> None:
        self._rest = silence(0)
        self._powers: list[float] = []

    def take(self, samples: Samples) -> None:
        samples = joined([self._rest, samples])
        whole = samples.shape[1] // _FLOOR_SAMPLES * _FLOOR_SAMPLES
        blocks = samples[:, :whole].reshape(CHANNELS, -1, _FLOOR_SAMPLES)
        self._powers += np.square(blocks, dtype=np.float64).mean(axis=(0, 2)).tolist()
        self._rest = samples[:, whole:]

    def dbfs(self) -> float | None:
        """RMS; None where it is digital silence or the sound is shorter than a block."""
        sounding = np.flatnonzero(self._powers)
        if not len(sounding):
            return None
        powers = sorted(self._powers[sounding[0] : sounding[-1] + 1])
        power = powers[len(powers) // _FLOOR_PART]
        return round(10 * log10(power), 2) if power > 0 else None


def _gap_blocks(length_samples: int) -> Iterator[Samples]:
    for start in range(0, length_samples, BLOCK_SAMPLES):
        yield silence(min(BLOCK_SAMPLES, length_samples - start))


def run(order: ListenOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, object]:
    """Measure; nothing is written to ``out``.

    Facts: ``integrated`` (LUFS or None), ``true_peak`` (dBTP or None), ``floor`` (dBFS or None), ``length_samples`` (at
    48 kHz, gaps included), ``short_term`` (LUFS or None, one a second), ``speech`` (stretches of the stream's own time,
    samples at 48 kHz; none where nobody asked), ``speech_integrated`` (LUFS while somebody speaks, or None) and
    ``remarks`` (one sentence each).
    Raises JobFailed naming the file where none of its sound can be decoded.
    """
    source = inputs["file"].path
    assert source is not None
    damage, meter, floor, at, first = Damage(), Meter(), _Floor(), None, 0
    finder = SpeechFinder() if order.speech else None
    with closing(placed_sound(source, stream=order.stream, damage=damage)) as sound:
        for placed in consecutive(sound):
            gap = 0 if at is None else placed.start - at
            first = placed.start if at is None else first
            floor.take(placed.samples)
            for block in chain(_gap_blocks(gap), [placed.samples]):
                meter.take(block)
                if finder is not None:
                    finder.take(block)
            at = placed.end_exclusive
    loudness = meter.loudness()
    runs = finder.runs() if finder is not None else []
    spoken = gated(in_speech(meter.powers, runs)) if runs else None
    return {
        "integrated": loudness.integrated,
        "true_peak": loudness.true_peak,
        "floor": floor.dbfs(),
        "length_samples": loudness.length_samples,
        "short_term": [None if lufs is None else round(lufs, 1) for lufs in loudness.short_term],
        "speech": [[start + first, end + first] for start, end in runs],
        "speech_integrated": spoken and round(spoken, 3),
        "remarks": list(damage.remarks()),
    }

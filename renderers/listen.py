"""Hear a contribution's whole sound once: how loud it is, how noisy, how long, and what is wrong with it."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from itertools import chain
from math import log10
from pathlib import Path

import numpy as np

from crowdcut.records import plain
from crowdcut.sound.hearing import Hearing, Treatment, treatment_of
from crowdcut.sound.orders import ListenOrder
from crowdcut.timing import SAMPLE_RATE
from renderers.hearing.clipping import ClipFinder
from renderers.hearing.hum import HumFinder
from renderers.hearing.mending import Mender, mended
from renderers.hearing.noise import NoiseFinder
from renderers.hearing.sides import Sides
from renderers.hearing.speech import SpeechFinder
from renderers.job import Input
from renderers.loudness.block_powers import BlockPowers
from renderers.loudness.meter import Meter, gated, in_speech
from renderers.sound.decode import placed_sound
from renderers.sound.pcm import Samples
from renderers.sound.place import Damage, consecutive, filled

_FLOOR_SAMPLES = SAMPLE_RATE // 20
"""50 ms: in a reader's breath there is room for that, but not for the 400 ms in which loudness is measured."""
_SILENT_DBTP = -80.0
"""Below it lies nothing but the dither of a recorder of 16 bits."""
_FLOOR_PART = 20
"""The quietest twentieth is taken for pauses: the tenth is half speech where somebody reads without a rest."""


class _Floor:
    """The noise floor: the level that a twentieth of all 50 ms blocks stay below.

    Digital silence before and after the sound was put there by whoever cut it: it is not of its room.
    """

    def __init__(self) -> None:
        self._blocks = BlockPowers(_FLOOR_SAMPLES)

    def take(self, samples: Samples) -> None:
        self._blocks.take(samples)

    def dbfs(self) -> float | None:
        """RMS; None where it is digital silence or the sound is shorter than a block."""
        powers = self._blocks.powers
        sounding = np.flatnonzero(powers)
        if not len(sounding):
            return None
        between = sorted(powers[sounding[0] : sounding[-1] + 1])
        power = between[len(between) // _FLOOR_PART]
        return round(10 * log10(power), 2) if power > 0 else None


class _Ears:
    """What is wrong with a sound, as far as it tells."""

    def __init__(self) -> None:
        self.clips, self._sides, self._hum = ClipFinder(), Sides(), HumFinder()

    def take(self, samples: Samples) -> None:
        self._sides.take(samples)
        self._hum.take(samples)

    def hearing(self) -> Hearing:
        return Hearing(
            clipping=self.clips.clipping(),
            offset=self._sides.offset(),
            hum=self._hum.hum(),
            mono_loss_db=self._sides.mono_loss_db(),
            one_sided=self._sides.one_sided(),
        )


class _Measures:
    """How loud a sound is, its floor, and what of that is noise."""

    def __init__(self) -> None:
        self.meter, self.floor, self._noise = Meter(), _Floor(), NoiseFinder()

    def take(self, samples: Samples, *, is_gap: bool) -> None:
        self.meter.take(samples)
        if not is_gap:
            self.floor.take(samples)
            self._noise.take(samples)

    def noise_dbfs(self) -> float | None:
        """What of the floor is noise, RMS; None where there is no floor."""
        floor, noise = self.floor.dbfs(), self._noise.power()
        return floor if floor is None or not noise else min(floor, round(10 * log10(noise), 2))


def _measured(path: Path, order: ListenOrder, treatment: Treatment) -> _Measures:
    """The loudness of the sound once it is mended."""
    measures = _Measures()
    with closing(placed_sound(path, stream=order.stream, damage=Damage())) as sound:
        for block, is_gap in filled(mended(consecutive(sound), treatment)):
            measures.take(block, is_gap=is_gap)
    return measures


def run(order: ListenOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, object]:
    """Measure; nothing is written to ``out``. How loud it is and its floor are those of the sound once it is mended.

    Facts: ``integrated`` (LUFS or None), ``true_peak`` (dBTP or None), ``floor`` (dBFS or None: a twentieth of it is
    softer), ``noise`` (dBFS or None: what of that is noise), ``length_samples`` (at 48 kHz, gaps included),
    ``short_term`` (LUFS or None, one a second), ``speech`` (stretches of the stream's own time, samples at 48 kHz; none
    where nobody asked), ``speech_integrated`` (LUFS while somebody speaks, or None), ``hearing`` (a Hearing),
    ``treatment`` (a Treatment: what ``prepare`` does about it) and ``remarks`` (one sentence each).
    Raises JobFailed naming the file where none of its sound can be decoded.
    """
    source = inputs["file"].path
    assert source is not None
    damage, ears, measures, first = Damage(), _Ears(), _Measures(), 0
    finder = SpeechFinder() if order.speech else None
    # What is asked for whatever is heard needs no second round.
    asked = treatment_of(order.repair, Hearing())
    mender = Mender(asked)
    with closing(placed_sound(source, stream=order.stream, damage=damage, overhear=ears.clips.take)) as sound:
        begun = consecutive(sound)
        opening = next(begun)
        first = opening.start
        for block, is_gap in filled(chain([opening], begun)):
            ears.take(block)
            measures.take(mender.take(block), is_gap=is_gap)
            if finder is not None:
                finder.take(block)
    hearing = ears.hearing()
    treatment = treatment_of(order.repair, hearing)
    if treatment != asked:
        measures = _measured(source, order, treatment)
    loudness = measures.meter.loudness()
    hearing = replace(hearing, silent=loudness.true_peak is None or loudness.true_peak < _SILENT_DBTP)
    runs = finder.runs() if finder is not None else []
    spoken = gated(in_speech(measures.meter.powers, runs)) if runs else None
    return {
        "integrated": loudness.integrated,
        "true_peak": loudness.true_peak,
        "floor": measures.floor.dbfs(),
        "noise": measures.noise_dbfs(),
        "length_samples": loudness.length_samples,
        "short_term": [None if lufs is None else round(lufs, 1) for lufs in loudness.short_term],
        "speech": [[start + first, end + first] for start, end in runs],
        "speech_integrated": spoken and round(spoken, 3),
        "hearing": plain(hearing),
        "treatment": plain(treatment),
        "remarks": list(damage.remarks()),
    }

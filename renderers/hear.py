"""Decodes and measures a finished film's whole sound: what a player gives, not what was meant."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from crowdcut.orders import HearOrder
from renderers.files.door import opened
from renderers.job import Input
from renderers.loudness.meter import measured
from renderers.loudness.running import RunningMeter
from renderers.sound.ahead import ahead
from renderers.sound.decode import placed_sound
from renderers.sound.pcm import Samples
from renderers.sound.place import Damage, Placed, consecutive


def run(_order: HearOrder, inputs: Mapping[str, Input], _out: Path) -> dict[str, Any]:
    """The sound of the film ``file``. Facts: ``start_sample`` (from the picture's beginning) and ``length_samples``,
    ``integrated_lufs``, ``true_peak_dbtp``, ``max_short_term_lufs``, ``max_momentary_lufs`` (None for silence),
    ``range_lu`` and ``short_term`` (LUFS or None, one a second)."""
    path = inputs["file"].path
    assert path is not None
    with opened(path) as container:
        index, picture = container.streams.audio[0].index, container.streams.video[0]
        origin = (picture.start_time or 0) * (picture.time_base or Fraction(0))
    extent, running = list[int](), RunningMeter()

    def watched(sound: Iterator[Placed]) -> Iterator[Samples]:
        for placed in sound:
            extent[:] = [extent[0] if extent else placed.start, placed.end_exclusive]
            running.take(placed.samples)
            yield placed.samples

    loudness = measured(ahead(watched(consecutive(placed_sound(path, stream=index, damage=Damage(), origin=origin)))))
    start, end = extent
    return {
        "start_sample": start,
        "length_samples": end - start,
        "integrated_lufs": loudness.integrated,
        "true_peak_dbtp": loudness.true_peak,
        "max_short_term_lufs": running.max_short_term,
        "max_momentary_lufs": running.max_momentary,
        "range_lu": loudness.range_lu,
        "short_term": list(loudness.short_term),
    }

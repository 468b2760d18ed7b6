"""A programme's peaks, found as it is written and kept beside it, so that nobody has to look for them again."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from renderers.loudness.true_peak import PeakFinder
from renderers.sound.pcm import Samples
from renderers.sound.steps import StepFile

_KEPT = "peaks.f32"
"""The file beside the sound: raw float32, one of :data:`renderers.loudness.true_peak.Peaks` a step."""


def keep_peaks(blocks: Iterable[Samples], sound: Path) -> Iterator[Samples]:
    """The blocks as they pass; when they have, their peaks lie beside ``sound``."""
    finder = PeakFinder()
    with sound.with_name(_KEPT).open("wb") as file, ThreadPoolExecutor(1) as beside:
        for block in blocks:
            # They are found while the block is being used.
            peaks = beside.submit(finder.take, block)
            yield block
            file.write(peaks.result().tobytes())
        file.write(finder.rest().tobytes())


def kept_peaks(sound: Path) -> StepFile:
    """What :func:`keep_peaks` wrote."""
    return StepFile(sound.with_name(_KEPT))

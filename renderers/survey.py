"""Looks through the used range of a clip: what is never lit at its edges, and where in the picture the most happens.

Everything is counted in whole numbers, so that every machine finds the same.
"""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crowdcut.conform.survey import Survey
from crowdcut.orders import SurveyOrder
from crowdcut.records import plain
from renderers.frames.saliency import Gaze
from renderers.job import Input
from renderers.patch import Plane
from renderers.sources import Setting, frames_of

LIT = 32
"""Luma, limited range, from which on a pixel is plainly lit: 16 is black."""
GAZES_A_SECOND = 8
"""How often it is looked where the most happens."""


class _Edges:
    """The brightest that each pixel ever was."""

    def __init__(self) -> None:
        self._most: NDArray[np.uint8] | None = None

    def take(self, luma: Plane) -> None:
        if self._most is None:
            self._most = luma.copy()
        else:
            np.maximum(self._most, luma, out=self._most)

    def profile(self, axis: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Peaks and numbers of lit pixels, of the rows (axis 1) or the columns (axis 0)."""
        assert self._most is not None
        return tuple(self._most.max(axis=axis).tolist()), tuple((self._most > LIT).sum(axis=axis).tolist())


def run(order: SurveyOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Look at every picture of the range; nothing is written to ``out``. The facts are a Survey as plain data.

    Raises JobFailed naming the contribution that cannot be shown.
    """
    del out
    files = {name: one.path for name, one in inputs.items() if one.path is not None}
    raster = order.raster
    setting = Setting(raster=raster, age_frames=0, count=order.length_frames, inputs=files)
    step = max(1, round(raster.rate / GAZES_A_SECOND))
    edges, gaze, last = _Edges(), Gaze(raster.width, raster.height), None
    for number, drawn in enumerate(frames_of(order.source)(order.source, setting)):
        luma = drawn.patches[-1].luma
        if drawn is not last:
            edges.take(luma)
            last = drawn
        if number % step == 0:
            gaze.take(luma)
    row_peaks, row_lit = edges.profile(1)
    column_peaks, column_lit = edges.profile(0)
    return plain(
        Survey(
            width=raster.width,
            height=raster.height,
            row_peaks=row_peaks,
            row_lit=row_lit,
            column_peaks=column_peaks,
            column_lit=column_lit,
            track=gaze.track(),
            every=Fraction(step) / raster.rate,
        )
    )

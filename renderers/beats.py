"""Find where a song's beats and bars are; or lay them where its library entry says, and see whether it does so too."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crowdcut.beats import Beats
from crowdcut.orders import BeatsOrder
from crowdcut.records import plain
from renderers.bars import bar_phase
from renderers.beat_onsets import FRAMES_A_SECOND, Curve, Numbers, onset_curve
from renderers.beat_tracking import Path as Beaten
from renderers.beat_tracking import tracked
from renderers.job import Input
from renderers.song_blocks import song_blocks

_AGREES = 0.03
"""Seconds that an onset may lie from its beat."""


def _rounded(seconds: float) -> Fraction:
    """To a tenth of a millisecond: the same on machines whose transforms round differently."""
    return Fraction(round(seconds * 10_000), 10_000)


def laid(bpm: Fraction, first_bar: Fraction, meter: int, seconds: float) -> Beats:
    """Beats as the library says, over ``seconds`` of sound."""
    beat = 60 / bpm
    first, last = ceil(-first_bar / beat), floor((Fraction(seconds) - first_bar) / beat)
    numbers = range(first, last + 1)
    return Beats(
        times=tuple(first_bar + number * beat for number in numbers),
        bar_starts=tuple(place for place, number in enumerate(numbers) if number % meter == 0),
        bpm=bpm,
        meter=meter,
        confidence=1.0,
        guessed=False,
    )


def _sounding(path: Beaten, strength: Numbers) -> NDArray[np.int64]:
    """The beats of a path from the first with an onset to the last."""
    at = np.lib.stride_tricks.sliding_window_view(np.pad(strength, 6), 13)[path.frames].max(axis=1)
    heard = np.flatnonzero(at > 0.2 * np.median(at)) if len(at) else at
    return path.frames[heard[0] : heard[-1] + 1] if len(heard) else path.frames[:0]


def _confidence(frames: NDArray[np.int64], strength: Numbers) -> float:
    """The share of beats with an onset where they are."""
    near = round(_AGREES * FRAMES_A_SECOND)
    at = np.lib.stride_tricks.sliding_window_view(np.pad(strength, near), 2 * near + 1)[frames].max(axis=1)
    return round(float((at > 1.0).mean()), 2) if len(at) else 0.0


def found(curve: Curve, meter: int, first_bar: Fraction | None = None) -> Beats:
    """Beats and bars by listening; none in silence."""
    frames = _sounding(tracked(curve.strength), curve.strength)
    if len(frames) < 2:
        return Beats(times=(), bar_starts=(), bpm=Fraction(120), meter=meter, confidence=0.0, guessed=True)
    if first_bar is None:
        phase = bar_phase(curve, frames, meter)
    else:
        phase = int(np.abs(frames / FRAMES_A_SECOND - float(first_bar)).argmin()) % meter
    return Beats(
        times=tuple(_rounded(one / FRAMES_A_SECOND) for one in frames.tolist()),
        bar_starts=tuple(range(phase, len(frames), meter)),
        bpm=Fraction(round(60 * FRAMES_A_SECOND * 100 / float(np.median(np.diff(frames)))), 100),
        meter=meter,
        confidence=_confidence(frames, curve.strength),
        guessed=first_bar is None,
    )


def run(order: BeatsOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Listen to all of it; nothing is written to ``out``. The facts are a Beats as plain data.

    Raises JobFailed naming a file that cannot be decoded or is too long.
    """
    del out
    path = inputs["file"].path
    assert path is not None
    curve = onset_curve(song_blocks(path, order.heard))
    if order.bpm is not None and order.first_bar is not None:
        return plain(laid(order.bpm, order.first_bar, order.meter, curve.seconds))
    return plain(found(curve, order.meter, order.first_bar))

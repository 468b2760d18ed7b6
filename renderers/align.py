"""Find where a take lies against the guide that it was sung to, and how much faster its recorder's clock ran.

The whole take is laid over the guide where the onsets of their notes agree best; then each window of the song votes for
places near it, with all of its correlation, and the line (offset and drift) that gathers most is taken. No note is
trusted alone: people are 80 ms early and late.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crowdcut.records import plain
from crowdcut.sound_orders import AlignOrder
from crowdcut.takes import Alignment
from renderers.job import Input
from renderers.note_onsets import FRAMES_A_SECOND, Onsets
from renderers.onsets import onsets_in

_WINDOW = 6 * FRAMES_A_SECOND
_STEP = _WINDOW // 2
_REACH = 50
"""Frames to either side of the coarse place in which windows vote: 0.5 s."""
_DRIFTS_PPM = range(-300, 301, 2)
_USUAL_PPM = 80.0
"""Deviation of what is expected of two recorders' clocks. A singer's own timing moves the slope of a minute or two as
much as most clocks do, so the slope is not believed where it says no more than that."""
_DOUBT = 0.017
"""Weight of that expectation: what a vote lost by one deviation costs, for windows of some ten notes 50 ms apart."""
_COARSE = 4
"""Frames in one, where a window's place is held against all others: onsets are blurred by more."""
_NEAR = 1
"""Of those, to either side: a window that lies further from the line does not agree with it."""
_BEST_PLACES = 0.02
"""A window agrees if its place is among this part of all places it could have."""
_FEWEST = 3
"""Windows by which anything can be said."""
_SOUNDING = 0.05
"""Of a window's usual strength; weaker, the take is silent there."""

Numbers = NDArray[np.float64]


class _Places:
    """Correlation of parts of a guide with a take, at all places at once."""

    def __init__(self, take: Onsets, longest: int):
        self._size = 1 << (len(take) + longest).bit_length()
        self._take = np.fft.rfft(take.T, self._size)

    def of(self, part: Onsets) -> Numbers:
        """[shape=(size,)] how well ``part`` lies at frame n of the take; negative places count from the end."""
        return np.fft.irfft((np.fft.rfft(part.T, self._size).conj() * self._take).sum(axis=0), self._size)

    def best(self, part: Onsets) -> int:
        """Where a part lies best, frames; negative where it begins before the take."""
        place = int(self.of(part).argmax())
        return place if place < self._size - len(part) else place - self._size


def _strengths(take: Onsets, length: int) -> Numbers:
    """[shape=(places,)] energy of each stretch of ``length`` frames."""
    sums = np.concatenate([[0.0], np.cumsum(np.square(take).sum(axis=1))])
    return sums[length:] - sums[:-length]


def _coarser(onsets: Onsets) -> Onsets:
    whole = len(onsets) // _COARSE * _COARSE
    return onsets[:whole].reshape(-1, _COARSE, onsets.shape[1]).mean(axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """A stretch of the song that the take sounds in."""

    middle: float
    """Frame of the guide."""
    votes: Numbers
    """[shape=(2 * _REACH + 1,)] how well it lies around the take's coarse place."""
    first: int
    """Frame of the take that the first vote is for."""
    everywhere: Numbers
    """[shape=(places,)] how well it lies anywhere in the take, by :data:`_COARSE` frames."""


def _windows(guide: Onsets, take: Onsets, coarse: int) -> Iterator[_Window]:
    """The windows of the song, by where the guide as a whole lies."""
    if len(take) < _WINDOW + 2 * _REACH or not take.any():
        return
    rough, length = _coarser(guide), _WINDOW // _COARSE
    places, strength = _Places(_coarser(take), length), _strengths(_coarser(take), length)
    usual = float(np.square(take).sum()) / len(take) * length
    for start in range(0, len(guide) - _WINDOW + 1, _STEP):
        first, part = start + coarse - _REACH, guide[start : start + _WINDOW]
        if first < 0 or first + _WINDOW + 2 * _REACH >= len(take) or not part.any():
            continue
        here = min(len(strength) - 1, (first + _REACH) // _COARSE)
        if strength[here] < _SOUNDING * usual:
            continue
        area = _Places(take[first : first + _WINDOW + 2 * _REACH], _WINDOW)
        roughly = rough[start // _COARSE :][:length]
        scale = np.sqrt((strength + _SOUNDING * usual) * np.square(roughly).sum())
        yield _Window(
            middle=start + _WINDOW / 2,
            votes=area.of(part)[: 2 * _REACH + 1] / (_COARSE * scale[here]),
            first=first,
            everywhere=places.of(roughly)[: len(strength)] / scale,
        )


def _peak(values: Numbers) -> tuple[float, float]:
    """Where a curve is highest, between its points too, and how high."""
    place = int(np.clip(values.argmax(), 1, len(values) - 2))
    before, at, after = values[place - 1 : place + 2]
    bend = before - 2 * at + after
    aside = float(np.clip((before - after) / (2 * bend), -1, 1)) if bend < 0 else 0.0
    return place + aside, float(at - (before - after) * aside / 4)


def _line(middles: Numbers, votes: Numbers) -> tuple[float, int]:
    """Place at the middle of all windows (in frames of ``votes``) and drift (ppm) of the line with most votes."""
    places, away = np.arange(votes.shape[1]), middles - middles.mean()
    best = (-np.inf, 0.0, 0)
    for ppm in _DRIFTS_PPM:
        moved = [np.interp(places + one, places, vote) for one, vote in zip(away * ppm / 1e6, votes, strict=True)]
        place, height = _peak(np.sum(moved, axis=0))
        best = max(best, (height - _DOUBT * (ppm / _USUAL_PPM) ** 2, place, ppm))
    return best[1], best[2]


def _agrees(window: _Window, place: float) -> bool:
    """Whether a window lies near ``place`` (a frame of the take) rather than anywhere else."""
    at = int(place // _COARSE)
    near = window.everywhere[max(0, at - _NEAR) : at + _NEAR + 2]
    return len(near) > 0 and float((window.everywhere > near.max()).mean()) <= _BEST_PLACES


def aligned(guide: Onsets, take: Onsets) -> Alignment:
    """Where ``take`` lies against ``guide``; confidence 0 where fewer than three windows have anything to say."""
    coarse = _Places(take, len(guide)).best(guide) if len(take) else 0
    windows = list(_windows(guide, take, coarse))
    if len(windows) < _FEWEST:
        return Alignment(offset=Fraction(0), drift_ppm=0, confidence=0.0, residual_ms=0.0, windows=len(windows))
    middles = np.array([one.middle for one in windows])
    place, ppm = _line(middles, np.array([one.votes for one in windows]))
    lies = place + (middles - middles.mean()) * ppm / 1e6
    agreed = [
        _peak(one.votes)[0] - at for one, at in zip(windows, lies, strict=True) if _agrees(one, one.first + float(at))
    ]
    offset_frames = coarse - _REACH + place - middles.mean() * ppm / 1e6
    residual = float(np.sqrt(np.mean(np.square(agreed)))) if agreed else 0.0
    return Alignment(
        # To a tenth of a millisecond: the same on machines whose transforms round differently.
        offset=Fraction(round(offset_frames * 10_000 / FRAMES_A_SECOND), 10_000),
        drift_ppm=ppm,
        confidence=round(len(agreed) / len(middles), 2),
        residual_ms=round(residual * 1000 / FRAMES_A_SECOND, 1),
        windows=len(middles),
    )


def run(order: AlignOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Compare what was heard of both; nothing is written to ``out``. The facts are an Alignment as plain data."""
    del order, out
    guide, take = inputs["guide"].path, inputs["take"].path
    assert guide is not None
    assert take is not None
    return plain(aligned(onsets_in(guide), onsets_in(take)))

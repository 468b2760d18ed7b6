"""Find where a take lies against the guide that it was sung to, and how much faster its recorder's clock ran.

The whole take is laid over the guide where the onsets of their notes agree best; then each window of the song votes for
places near it, with all of its correlation, and the line (offset and drift) that gathers most is taken. No note is
trusted alone: people are 80 ms early and late.
"""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crowdcut.orders import AlignOrder
from crowdcut.records import plain
from crowdcut.takes import Alignment
from renderers.job import Input
from renderers.note_onsets import FRAMES_A_SECOND, Onsets, note_onsets
from renderers.song_blocks import song_blocks

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
_NEAR = 5
"""Frames: a window that lies further from the line does not agree with it."""
_BEST_PLACES = 0.02
"""A window agrees if its place is among this part of all places it could have."""
_SOUNDING = 0.05
"""Of a window's usual strength; weaker, the take is silent there."""

Numbers = NDArray[np.float64]


class _Places:
    """Correlation of parts of the guide with a take, at all places at once."""

    def __init__(self, take: Onsets, longest: int):
        self._size = 1 << (len(take) + longest).bit_length()
        self._take = np.fft.rfft(take, self._size, axis=0)
        self.strength = np.concatenate([[0.0], np.cumsum(np.square(take).sum(axis=1))])

    def of(self, part: Onsets) -> Numbers:
        """[shape=(size,)] how well ``part`` lies at frame n of the take; negative places count from the end."""
        spectrum = np.fft.rfft(part, self._size, axis=0).conj()
        return np.fft.irfft((spectrum * self._take).sum(axis=1), self._size)

    def whole(self, guide: Onsets) -> int:
        """Where the guide as a whole lies best, frames; negative where it begins before the take."""
        place = int(self.of(guide).argmax())
        return place if place < self._size - len(guide) else place - self._size


def _votes(guide: Onsets, take: Onsets) -> tuple[int, Numbers, Numbers, list[Numbers]]:
    """The coarse place; middles of the windows the take sounds in; their votes around that place [shape=(windows,
    2 * _REACH + 1)]; and their correlations at all places."""
    places = _Places(take, len(guide))
    coarse, usual = places.whole(guide), places.strength[-1] / max(1, len(take)) * _WINDOW
    middles, votes, everywhere = [], [], []
    if not usual:
        return coarse, np.array([]), np.array([]), []
    strength = places.strength[_WINDOW:] - places.strength[:-_WINDOW]
    for start in range(0, len(guide) - _WINDOW + 1, _STEP):
        first, part = start + coarse - _REACH, guide[start : start + _WINDOW]
        if first < 0 or first + _WINDOW + 2 * _REACH >= len(take) or not part.any():
            continue
        if strength[first + _REACH] < _SOUNDING * usual:
            continue
        likeness = places.of(part)[: len(strength)] / np.sqrt((strength + _SOUNDING * usual) * np.square(part).sum())
        middles.append(start + _WINDOW / 2)
        votes.append(likeness[first : first + 2 * _REACH + 1])
        everywhere.append(likeness)
    return coarse, np.array(middles), np.array(votes), everywhere


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


def aligned(guide: Onsets, take: Onsets) -> Alignment:
    """Where ``take`` lies against ``guide``; confidence 0 where fewer than three windows have anything to say."""
    coarse, middles, votes, everywhere = _votes(guide, take)
    if len(middles) < 3:
        return Alignment(offset=Fraction(0), drift_ppm=0, confidence=0.0, residual_ms=0.0, windows=len(middles))
    place, ppm = _line(middles, votes)
    lies = place + (middles - middles.mean()) * ppm / 1e6
    agreed, apart = 0, []
    for middle, at, vote, likeness in zip(middles, lies, votes, everywhere, strict=True):
        start = int(middle - _WINDOW / 2) + coarse - _REACH + round(float(at))
        near = likeness[max(0, start - _NEAR) : start + _NEAR + 1]
        if len(near) and float((likeness > near.max()).mean()) <= _BEST_PLACES:
            agreed += 1
            apart.append(_peak(vote)[0] - at)
    offset_frames = coarse - _REACH + place - middles.mean() * ppm / 1e6
    residual = float(np.sqrt(np.mean(np.square(apart)))) if apart else 0.0
    return Alignment(
        # To a tenth of a millisecond: the same on machines whose transforms round differently.
        offset=Fraction(round(offset_frames * 10_000 / FRAMES_A_SECOND), 10_000),
        drift_ppm=ppm,
        confidence=round(agreed / len(middles), 2),
        residual_ms=round(residual * 1000 / FRAMES_A_SECOND, 1),
        windows=len(middles),
    )


def run(order: AlignOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Listen to both; nothing is written to ``out``. The facts are an Alignment as plain data.

    Raises JobFailed naming the file that cannot be decoded or is too long.
    """
    del out
    guide, take = inputs["guide"].path, inputs["take"].path
    assert guide is not None
    assert take is not None
    return plain(aligned(note_onsets(song_blocks(guide, order.guide)), note_onsets(song_blocks(take, order.take))))

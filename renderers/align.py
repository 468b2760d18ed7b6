"""Find where a take lies against the guide that it was sung to, and how much faster its recorder's clock ran.

The whole take is laid over the guide where the onsets of their notes agree best; then each window of the song votes for
places near it, with all of its correlation, and the line (offset and drift) that gathers most is taken. Near that line
single notes are matched, and one is drawn through them all: people are 80 ms early and late. How far the best place is
ahead of all others says whether it is the guide's song at all: something of another song lies somewhere or other, but
nearly as well in many places. A take may be a second voice, and is refused in another key.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crowdcut.records import plain
from crowdcut.song.takes import FEWEST, Alignment
from crowdcut.sound.orders import AlignOrder
from renderers.job import Input
from renderers.onsets import Sung, sung_by
from renderers.song.note_line import USUAL_PPM, Line, line_through
from renderers.song.note_onsets import FRAMES_A_SECOND, Onsets
from renderers.song.song_places import ASIDE, Places
from renderers.song.take_voices import LEAD, likeliest_voice

_WINDOW = 6 * FRAMES_A_SECOND
_STEP = _WINDOW // 2
_REACH = 50
"""Frames to either side of the coarse place in which windows vote: 0.5 s."""
_DRIFTS_PPM = range(-300, 301, 2)
_DOUBT = 0.017
"""Weight of that expectation: what a vote lost by one deviation costs, for windows of some ten notes 50 ms apart."""
_SOUNDING = 0.05
"""Of a window's usual strength; weaker, the take is silent there."""
_FEW = 4
"""Windows that count for half: a few seconds lie somewhere or other of any song by chance."""

_PART = 26 * FRAMES_A_SECOND
"""What is long enough to be placed in the song by itself."""
_STRAYED = 1.8
"""Deviations of lead by which a part lies elsewhere. In takes in order parts reach 0.3, in others 2.5."""

Numbers = NDArray[np.float64]


def _strengths(take: Onsets, length: int) -> Numbers:
    """[shape=(places,)] energy of each stretch of ``length`` frames."""
    sums = np.concatenate([[0.0], np.cumsum(np.square(take).sum(axis=1))])
    return sums[length:] - sums[:-length]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """A stretch of the song that the take sounds in."""

    middle: float
    """Frame of the guide."""
    votes: Numbers
    """[shape=(2 * _REACH + 1,)] how well it lies around the take's coarse place."""


def _windows(guide: Onsets, take: Onsets, coarse: int) -> Iterator[_Window]:
    """The windows of the song, by where the guide as a whole lies."""
    if len(take) < _WINDOW + 2 * _REACH or not take.any():
        return
    strength = _strengths(take, _WINDOW)
    usual = float(strength.mean())
    for start in range(0, len(guide) - _WINDOW + 1, _STEP):
        first, part = start + coarse - _REACH, guide[start : start + _WINDOW]
        if first < 0 or first + _WINDOW + 2 * _REACH >= len(take) or not part.any():
            continue
        here = float(strength[first + _REACH])
        if here < _SOUNDING * usual:
            continue
        area = Places(take[first : first + _WINDOW + 2 * _REACH], _WINDOW)
        scale = float(np.sqrt((here + _SOUNDING * usual) * np.square(part).sum()))
        yield _Window(middle=start + _WINDOW / 2, votes=area.of(part)[: 2 * _REACH + 1] / scale)


def _peak(values: Numbers) -> tuple[float, float]:
    """Where a curve is highest, between its points too, and how high."""
    place = int(np.clip(values.argmax(), 1, len(values) - 2))
    before, at, after = values[place - 1 : place + 2]
    bend = before - 2 * at + after
    aside = float(np.clip((before - after) / (2 * bend), -1, 1)) if bend < 0 else 0.0
    return place + aside, float(at - (before - after) * aside / 4)


def _shifted(votes: Numbers, by: Numbers) -> Numbers:
    """Each row read so many of its points later, between them too (Catmull and Rom's cubic: a straight line between two
    points cuts every peak off but those that lie on one, and so draws a line to where nothing is shifted)."""
    whole = np.floor(by).astype(int)
    part = (by - whole)[:, None]
    taps = (
        part * (-1 + part * (2 - part)) / 2,
        1 + part**2 * (3 * part - 5) / 2,
        part * (1 + part * (4 - 3 * part)) / 2,
        part**2 * (part - 1) / 2,
    )
    last = votes.shape[1] - 1
    at = np.arange(last + 1) + whole[:, None]
    read = (np.take_along_axis(votes, np.clip(at + aside, 0, last), axis=1) for aside in (-1, 0, 1, 2))
    return np.sum([one * tap for one, tap in zip(read, taps, strict=True)], axis=0)


def _line(middles: Numbers, votes: Numbers) -> tuple[float, int]:
    """Place at the middle of all windows (in frames of ``votes``) and drift (ppm) of the line with most votes."""
    away = middles - middles.mean()
    best = (-np.inf, 0.0, 0)
    for ppm in _DRIFTS_PPM:
        place, height = _peak(_shifted(votes, away * ppm / 1e6).sum(axis=0))
        best = max(best, (height - _DOUBT * (ppm / USUAL_PPM) ** 2, place, ppm))
    return best[1], best[2]


def _strays(guide: Onsets, take: Onsets, offset_frames: float) -> Fraction | None:
    """Source time of the take's first part that lies at another place of the song than the whole does.

    Parts of the take are held against the song, not the other way round: a verse sung once fits each of its like.
    """
    if len(guide) < _PART:
        return None
    places, first = Places(guide, _PART), max(0, int(np.ceil(offset_frames)))
    last = min(len(take), int(offset_frames) + len(guide)) - _PART
    for start in range(first, last + 1, _PART // 2):
        place, lead = places.best(take[start : start + _PART])
        if abs(place - (start - offset_frames)) > ASIDE and lead >= _STRAYED:
            return Fraction(start, FRAMES_A_SECOND)
    return None


def aligned(guide: Sung, take: Sung) -> Alignment:
    """Where ``take`` lies against ``guide``; confidence 0 where fewer than three windows have anything to say."""
    voice = likeliest_voice(guide, take)
    theirs, mine, coarse = guide.onsets, voice.heard.onsets, voice.place
    windows = list(_windows(theirs, mine, coarse))
    if len(windows) < FEWEST:
        return Alignment(offset=Fraction(0), drift_ppm=0, confidence=0.0, residual_ms=0.0, windows=len(windows))
    middles = np.array([one.middle for one in windows])
    place, ppm = _line(middles, np.array([one.votes for one in windows]))
    voted = Line(start=coarse - _REACH + place - middles.mean() * ppm / 1e6, slope=ppm / 1e6)
    line = line_through(guide.notes, voice.heard.notes, voted)
    lies = line.of(middles) - middles - coarse + _REACH
    away = [abs(_peak(one.votes)[0] - at) for one, at in zip(windows, lies, strict=True)]
    lead = voice.lead * len(windows) / (len(windows) + _FEW)
    return Alignment(
        # To a tenth of a millisecond: the same on machines whose transforms round differently.
        offset=Fraction(round(line.start * 10_000 / FRAMES_A_SECOND), 10_000),
        drift_ppm=round(line.slope * 1e6),
        confidence=round(lead / (lead + LEAD), 2),
        residual_ms=round(float(np.median(away)) * 1000 / FRAMES_A_SECOND, 1),
        windows=len(middles),
        strays=_strays(theirs, mine, line.start),
        semitones=voice.semitones,
    )


def run(order: AlignOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Compare what was heard of both; nothing is written to ``out``. The facts are an Alignment as plain data."""
    del order, out
    guide, take = inputs["guide"].path, inputs["take"].path
    assert guide is not None
    assert take is not None
    return plain(aligned(sung_by(guide), sung_by(take)))

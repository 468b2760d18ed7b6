"""Whether the beats that were found in a song are those that were played, or twice or half as many, or neither."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from examples.makers.songs import Score

NEAR = 0.03
"""Seconds that a beat may lie off."""
ENOUGH = 0.95
"""Of the beats that were played are found, and of those that are found were played."""
Verdict = Literal["right", "twice or half", "neither"]
Seconds = NDArray[np.float64]
_SHIFTS = np.arange(-60, 61, 2) / 1000
"""Seconds that all beats of all songs are moved by, to see which constant serves best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found in one song, beside what it was made from."""

    wanted: tuple[float, ...]
    """Seconds at which its beats were played, rising."""
    sections: tuple[int, ...]
    """How many of these are at each tempo."""
    found: tuple[float, ...]
    """Seconds."""


def hits(wanted: Iterable[Any], found: Iterable[Any], near: float = NEAR) -> float:
    """The share of ``wanted`` that something ``found`` lies within ``near`` of, 0..1; all in seconds, in any order."""
    there = np.sort(np.array([float(one) for one in found]))
    asked = np.array([float(one) for one in wanted])
    if not len(there) or not len(asked):
        return 0.0
    after = np.searchsorted(there, asked)
    before, after = there[np.maximum(after - 1, 0)], there[np.minimum(after, len(there) - 1)]
    return float(np.mean(np.minimum(np.abs(before - asked), np.abs(after - asked)) <= near))


def agreed(wanted: Iterable[Any], found: Iterable[Any], near: float = NEAR) -> float:
    """The lesser share of the two: of what was played that is found, and of what is found that was played."""
    wanted, found = list(wanted), list(found)
    return min(hits(wanted, found, near), hits(found, wanted, near))


def counts_of(score: Score) -> tuple[int, ...]:
    """How many beats are at each tempo; a pick-up is at the first."""
    counts = [bars * score.meter for bars, _ in score.sections]
    return (counts[0] + score.pickup, *counts[1:])


def _counted_otherwise(beats: Seconds) -> tuple[Seconds, ...]:
    """The same beats as they are, every other of them, and twice as many."""
    return beats, beats[::2], beats[1::2], np.sort(np.concatenate([beats, (beats[1:] + beats[:-1]) / 2]))


def verdict(answer: Answer, *, shift: float = 0.0) -> Verdict:
    """Right, or twice or half in one tempo or more, or neither.

    shift : seconds that what was found is moved by.
    """
    found = np.array(answer.found) + shift
    wanted = np.array(answer.wanted)
    if agreed(wanted, found) >= ENOUGH:
        return "right"
    parts = np.split(wanted, np.cumsum(answer.sections)[:-1])
    ways = product(*map(_counted_otherwise, parts))
    return "twice or half" if any(agreed(np.concatenate(way), found) >= ENOUGH for way in ways) else "neither"


def judged(answers: Sequence[Answer], *, shift: float = 0.0) -> dict[Verdict, int]:
    """How many songs are which."""
    said = Counter(verdict(one, shift=shift) for one in answers)
    return {"right": said["right"], "twice or half": said["twice or half"], "neither": said["neither"]}


def best_moved(answers: Sequence[Answer]) -> tuple[float, dict[Verdict, int]]:
    """The constant in seconds that serves all of them best when it is added, and how many songs are which then.

    Most right ones count, then most that are counted twice or half; of equals the least movement.
    """
    ways = [(float(shift), judged(answers, shift=shift)) for shift in _SHIFTS]
    return max(ways, key=lambda way: (way[1]["right"], way[1]["twice or half"], -abs(way[0])))


def lateness_ms(answers: Sequence[Answer]) -> tuple[float, float] | None:
    """By how much found beats lie after played ones, milliseconds: the median, and what 95 % of all are within.

    None where none is within 60 ms of a played one; those that are further away are others.
    """
    apart = list[float]()
    for one in answers:
        for at in one.found:
            away = at - np.array(one.wanted)
            apart.append(float(away[np.abs(away).argmin()]))
    near = np.array([one for one in apart if abs(one) <= _SHIFTS[-1]]) * 1000
    return (round(float(np.median(near)), 1), round(float(np.quantile(np.abs(near), ENOUGH)), 1)) if len(near) else None

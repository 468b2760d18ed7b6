"""Cues become what a disc can show: pictures one after another, never two at once, in frames of the delivery."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from crowdcut.disc.caption_findings import told_of
from crowdcut.disc.caption_orders import Caption
from crowdcut.disc.cues import Cue
from crowdcut.findings import Finding
from crowdcut.timing import clock, nearest, seconds_to_frames

_SLIGHT = Fraction(1, 5)
"""Seconds that one cue runs into the next by slips of timing, not because two people speak."""
_FLASH = Fraction(1, 8)
"""Seconds; what is shorter is taken for a part of what stands beside it."""
GAP_FRAMES = 2
"""Between two captions that have nothing in common: the eye sees that the words are others (Netflix, Timed Text Style
Guide: 2 frames)."""
SHORT = Fraction(5, 6)
"""Seconds; a caption that is seen for less is told (the same guide: 5/6 s at least)."""
FAST = 20
"""Letters a second; who has to read faster is told so (the same guide: 20 for English, 17 for most others)."""
_LONGEST = 600
"""Seconds that a picture is shown; the player's own limit is 745 (16 bits of 1024/90000 s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A cue on its title's clock."""

    cue: Cue
    start: int
    """Frame."""
    end: int
    """Frame, exclusive; after ``start``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Frames in which the same cues run."""

    start: int
    end: int
    runs: tuple[int, ...]
    """Their numbers, in the order in which they begin."""

    @property
    def length(self) -> int:
        return self.end - self.start


def _on_title(cues: Iterable[Cue], rate: Fraction, length_frames: int) -> list[_Run]:
    """Cues in frames, those after the end left out, those that reach past it cut."""
    runs = []
    for cue in sorted(cues, key=lambda cue: cue.start):
        start = max(0, seconds_to_frames(cue.start, rate))
        end = min(max(seconds_to_frames(cue.end, rate), start + 1), length_frames)
        if start < end:
            runs.append(_Run(cue=cue, start=start, end=end))
    return runs


def _without_slips(runs: Sequence[_Run], rate: Fraction) -> list[_Run]:
    """Cues that run a moment into the next end where that begins."""
    slight, kept = int(_SLIGHT * rate), list(runs)
    for number, (one, after) in enumerate(pairwise(runs)):
        if one.start < after.start < one.end <= min(after.start + slight, after.end):
            kept[number] = replace(one, end=after.start)
    return kept


def _stretches(runs: Sequence[_Run]) -> Iterator[_Stretch]:
    """All stretches in which anything runs, in order."""
    begins: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for number, run in enumerate(runs):
        begins.setdefault(run.start, []).append(number)
        ends.setdefault(run.end, []).append(number)
    running: set[int] = set()
    for start, end in pairwise(sorted(begins.keys() | ends.keys())):
        running = (running - set(ends.get(start, ()))) | set(begins.get(start, ()))
        if running:
            yield _Stretch(start=start, end=end, runs=tuple(sorted(running)))


def _without_flashes(stretches: Iterable[_Stretch], shortest: int) -> list[_Stretch]:
    """Stretches of a few frames become part of a neighbour that shows their cues too."""
    kept: list[_Stretch] = []
    for one in stretches:
        before = kept[-1] if kept else None
        if before is not None and before.end == one.start:
            if one.length < shortest and set(one.runs) <= set(before.runs):
                kept[-1] = replace(before, end=one.end)
                continue
            if before.length < shortest and set(before.runs) <= set(one.runs):
                kept[-1] = replace(one, start=before.start)
                continue
        kept.append(one)
    return kept


def _with_gaps(stretches: Sequence[_Stretch], shortest: int) -> Iterator[_Stretch]:
    """Before other words there is nothing for a moment, where there is time for that."""
    for one, after in pairwise(stretches):
        end = min(one.end, after.start - GAP_FRAMES)
        apart = not set(one.runs) & set(after.runs)
        yield replace(one, end=end) if apart and end - one.start >= shortest else one
    yield from stretches[-1:]


def _parted(stretches: Iterable[_Stretch], longest: int) -> Iterator[_Stretch]:
    """Stretches that a player can show in one go."""
    for one in stretches:
        for start in range(one.start, one.end, longest):
            yield replace(one, start=start, end=min(start + longest, one.end))


def _letters(cue: Cue) -> int:
    """How much there is to read, in letters of Latin script: a Han character takes as long as two."""
    words = "".join(run.words for line in cue.words.lines for run in line)
    return len(words) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in words)


def _findings(cues: Sequence[Cue], file: Path, rate: Fraction, length_frames: int) -> Iterator[Finding]:
    """What a viewer would notice."""
    length = length_frames / rate
    past = [cue for cue in cues if seconds_to_frames(cue.start, rate) >= length_frames]
    yield from told_of(past, file, "past-the-end", f"after the film's end ({clock(length)}): left out")
    cut = [cue for cue in cues if cue.start < length < cue.end and cue not in past]
    yield from told_of(cut, file, "past-the-end", f"past the film's end ({clock(length)}): cut off there")
    seen = [cue for cue in cues if cue.start < length]
    short = [cue for cue in seen if cue.end - cue.start < SHORT]
    if short:
        least = min(cue.end - cue.start for cue in short)
        found = f"seen for less than {clock(SHORT)} (the shortest for {clock(least)}), which few can read"
        yield from told_of(short, file, "short-caption", found, severity="note")
    fast = {cue: _letters(cue) / (cue.end - cue.start) for cue in seen if cue not in short}
    fast = {cue: speed for cue, speed in fast.items() if speed > FAST}
    if fast:
        found = f"read at more than {FAST} letters a second (up to {nearest(max(fast.values()))})"
        yield from told_of([*fast], file, "fast-caption", found, severity="note")


def captions_shown(
    cues: Sequence[Cue], file: Path, *, rate: Fraction, length_frames: int
) -> tuple[tuple[Caption, ...], tuple[Finding, ...]]:
    """What is shown of a caption file's cues over a title, in order and none over another, and what is to be told.

    Where cues run at once, one caption has the words of all, the first to begin on top.

    rate : frames a second of the title; length_frames : its length.
    """
    runs = _without_slips(_on_title(cues, rate, length_frames), rate)
    shortest = max(1, int(_FLASH * rate))
    stretches = list(_with_gaps(_without_flashes(_stretches(runs), shortest), shortest))
    captions = tuple(
        Caption(
            start_frame=one.start, end_frame_exclusive=one.end, words=tuple(runs[run].cue.words for run in one.runs)
        )
        for one in _parted(stretches, int(_LONGEST * rate))
    )
    return captions, tuple(_findings(cues, file, rate, length_frames))

"""Where a player may be sent: which groups of pictures begin a video object unit (VOBU), with a navigation pack."""

from collections.abc import Collection, Iterable, Sequence

from crowdcut.disc.cadence import Cadence
from crowdcut.disc.standards import CLOCK, VOBU_SECONDS
from crowdcut.orders import Chapter

_LEAST = int(VOBU_SECONDS[0] * CLOCK)


def unit_starts(groups: Sequence[int], chapters: Collection[int]) -> list[int]:
    """The groups that begin a unit: the first, every chapter's, and others so that units last 0.4 to 1 s.

    groups : when each group begins, in ticks of 90 kHz, rising. chapters : those of them that begin a chapter, of
    :func:`chapters_apart`. Where a chapter comes sooner, the unit before it goes on for longer.
    """
    starts: list[int] = []
    for moment in groups:
        if moment in chapters:
            while len(starts) > 1 and moment - starts[-1] < _LEAST and starts[-1] not in chapters:
                starts.pop()
        elif starts and moment - starts[-1] < _LEAST:
            continue
        starts.append(moment)
    return starts


def chapters_apart(chapters: Iterable[Chapter], cadence: Cadence) -> tuple[Chapter, ...]:
    """The chapters that can be jumped to on a disc: not those that begin within 0.4 s of the one before."""
    kept: list[Chapter] = []
    for chapter in chapters:
        if not kept or cadence.ticks(chapter.start_frame) - cadence.ticks(kept[-1].start_frame) >= _LEAST:
            kept.append(chapter)
    return tuple(kept)

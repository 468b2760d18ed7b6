"""Where a player may be sent: which groups of pictures begin a video object unit (VOBU), with a navigation pack."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from crowdcut.disc.cadence import Cadence
from crowdcut.disc.standards import CLOCK, VOBU_SECONDS
from crowdcut.orders import Chapter

_LEAST = int(VOBU_SECONDS[0] * CLOCK)


def begins_unit(moment: int, last: int | None, chapters: Sequence[int]) -> bool:
    """Whether the group of pictures that begins at ``moment`` begins a unit: the first does, every chapter's, and
    others so that units last 0.4 to 1 s. Where a chapter comes sooner than that, the unit before it goes on for longer.

    All in ticks of 90 kHz. last : when the unit before it begins; None: it is the first group. chapters : when groups
    that begin a chapter do, rising, of :func:`chapters_apart`.
    """
    place = bisect_right(chapters, moment)
    if last is None or moment in chapters[place - 1 : place]:
        return True
    return moment - last >= _LEAST and all(chapter - moment >= _LEAST for chapter in chapters[place : place + 1])


def chapters_apart(chapters: Iterable[Chapter], cadence: Cadence) -> tuple[Chapter, ...]:
    """The chapters that can be jumped to on a disc: not those that begin within 0.4 s of the one before."""
    kept: list[Chapter] = []
    for chapter in chapters:
        if not kept or cadence.ticks(chapter.start_frame) - cadence.ticks(kept[-1].start_frame) >= _LEAST:
            kept.append(chapter)
    return tuple(kept)

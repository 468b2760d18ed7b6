"""Takes of songs, laid over their guides: how far off, by the clock and as they were sung.

Songs of examples/makers/choir.py, each sung once for each clock, by somebody else: every note up to 80 ms early or
late, in a room, 30 s after the recorder was started, whose clock runs faster than the guide's. Crowdcut hears both and
lays the take. A row is the takes of one length and one clock; in each column stand the median of their errors, the most
(ms), and how many are within 10 ms:

  clock          against where the recorder's clock has the song
  sung           against the line by least squares through the notes as they were sung: what is heard as together
  knowable       what Crowdcut's line through the true times of all notes is off by the clock: the limit of its hearing

each for the mean of the song (its middle), and for the worst of its start, middle and end. Nothing in Crowdcut was
set by these songs. `refused` are takes that were not taken for their song's; they are counted all the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from benchmarks.takes.judging import Off, Truth, laid, off, summary
from benchmarks.telling import parser_for, table, told, written
from crowdcut.records import plain
from crowdcut.song.takes import Alignment
from examples.makers.choir import Mono, Note, by_clock, in_room, performed, song, sung
from renderers.align import aligned
from renderers.onsets import Sung, sung_in

LENGTHS = (60, 120, 180, 240)
DRIFTS_PPM = (0, 20, 50, 100)
LEAD = 30.0
"""Seconds before the song."""
_FIRST = 20_000
"""Number of the first song."""
_BLOCK = 480_000
_AGAINST = ("clock", "sung", "knowable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One take, laid."""

    seconds: int
    ppm: int
    number: int
    """Its song and its singer."""
    found: Alignment
    off: dict[str, Off]
    """Against each of ``clock``, ``sung``; and what is ``knowable``."""


def _heard(sound: Mono) -> Sung:
    return sung_in(np.stack([part, part]) for part in np.split(sound, range(_BLOCK, len(sound), _BLOCK)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Song:
    """A song, and its guide as it is heard."""

    seconds: int
    notes: list[Note]
    guide: Sung


def made(seconds: int, number: int) -> Song:
    """A song; its guide is sung exactly in time."""
    notes = song(seed=number, seconds=seconds)
    return Song(seconds=seconds, notes=notes, guide=_heard(in_room(sung(notes, seed=number, jitter=0), seed=number)))


def judged(of: Song, *, ppm: int, number: int) -> Judged:
    """A take of it, made, heard and laid."""
    take = performed(of.notes, seed=number, lead=LEAD)
    found = aligned(of.guide, _heard(by_clock(in_room(take.sound, seed=number), ppm=ppm)))
    starts, begun = np.array([one.start for one in of.notes]), np.array(take.starts) * (1 + ppm / 1e6)
    truth = Truth(seconds=of.seconds, lead=LEAD, ppm=ppm, notes=starts, sung=begun)
    places = laid(found, truth)
    away = {
        "clock": off(places, truth.by_clock),
        "sung": off(places, truth.by_notes),
        "knowable": off(truth.knowable, truth.by_clock),
    }
    return Judged(seconds=of.seconds, ppm=ppm, number=number, found=found, off=away)


def _judged(lengths: Sequence[int], drifts: Sequence[int], takes: int) -> Iterator[Judged]:
    """All takes, each by a singer of its own; one of each clock is of the same song."""
    for seconds, place in product(lengths, range(takes)):
        first = _FIRST + 1000 * seconds + 10 * place
        of = made(seconds, first)
        for number, ppm in enumerate(drifts, start=first + 1):
            one = judged(of, ppm=ppm, number=number)
            clock = one.off["clock"]
            said = f"{clock.mean_ms:.1f} ms off, {clock.worst_ms:.1f} at worst, confidence {one.found.confidence:.0%}"
            told(f"{seconds} s, song {place + 1} of {takes}, {ppm} ppm: {said}")
            yield one


def _cells(takes: Sequence[Judged]) -> list[str]:
    """Of one row: each column's median, most and how many are near."""
    kinds: tuple[Callable[[Off], float], ...] = (lambda one: one.mean_ms, lambda one: one.worst_ms)
    return [str(summary([kind(one.off[name]) for one in takes])) for kind in kinds for name in _AGAINST]


def _rows(takes: Sequence[Judged]) -> Iterator[list[str]]:
    """For each length and clock, and for each length with all of its clocks."""
    for seconds in dict.fromkeys(one.seconds for one in takes):
        of_length = [one for one in takes if one.seconds == seconds]
        for ppm in dict.fromkeys(one.ppm for one in of_length):
            yield [f"{seconds} s, {ppm} ppm", *_cells([one for one in of_length if one.ppm == ppm])]
        yield [f"{seconds} s, all {len(of_length)}", *_cells(of_length)]


def main() -> None:
    """Make the takes, lay them, print the table."""
    parser = parser_for(__doc__)
    parser.add_argument("--takes", type=int, default=12, metavar="N", help="takes in a row  [default: 12]")
    for name, values, what in (("seconds", LENGTHS, "lengths of the songs"), ("ppm", DRIFTS_PPM, "clocks")):
        usual = " ".join(map(str, values))
        parser.add_argument(f"--{name}", type=int, nargs="+", default=values, help=f"{what}  [default: {usual}]")
    asked = parser.parse_args()
    if asked.takes < 1 or min(asked.seconds) < 30:
        parser.error("at least one take, of songs of 30 s at least")
    takes = list(_judged(asked.seconds, asked.ppm, asked.takes))
    head = ("song, clock", *(f"{kind}: {name}" for kind in ("mean", "worst") for name in _AGAINST))
    print(table(head, _rows(takes)))
    refused = sum(not one.found.trusted for one in takes)
    print(f"refused: {refused} of {len(takes)}")
    written(asked.out, {"takes": [plain(one) for one in takes], "refused": refused})


if __name__ == "__main__":
    main()

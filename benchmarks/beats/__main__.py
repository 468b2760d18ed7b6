"""Beats in 64 made songs whose beats are known: as crowdcut finds them and, where it is installed, as librosa does.

Songs of 48 s: 60 to 180 beats a minute, straight and swung, with a pick-up or none, two tempi in one, waltzes, playing
that is 10 ms off; each with drums, and with soft chords and a melody alone. A song counts where 95 % of its beats are
found within 30 ms, and 95 % of what is found is a beat:

  right          at the tempo that was played
  twice or half  in one of its tempi or in both, and otherwise so
  neither        everything else

and again with all beats moved by the constant that serves a tracker best, since some are late by as much everywhere.
CPU seconds are a song's, from its file to its beats; `first` is what stands before: one process that imports, and in
librosa's case compiles (by running each tracker on ten seconds of noise).

librosa is no dependency (with its own it takes 300 MB): `pip install librosa` to have it compared. Its trackers are
beat_track at hops of 512 and 128 samples of 22,050 Hz, with a tempo that may change, and plp, whose peaks are taken.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.beats import by_librosa
from benchmarks.beats.by_crowdcut import heard
from benchmarks.beats.judging import ENOUGH, Answer, best_moved, counts_of, hits, judged, lateness_ms, verdict
from benchmarks.beats.songs import scores
from benchmarks.measuring import measured
from benchmarks.telling import parser_for, table, told, workplace, written
from crowdcut.song.beats import CONFIDENCE_LEAST, Beats
from examples.makers.choir import RATE
from examples.makers.songs import Played, Score, played
from examples.makers.sounds import write_sound

OURS = "crowdcut"
_SAME_TEMPO = 0.02
"""A tempo is named that lies within this share of it: what is named is the median over the song."""


@dataclass(slots=True, kw_only=True)
class Way:
    """What one tracker found in all songs."""

    answers: list[Answer] = field(default_factory=list)
    cpu_seconds: float = 0.0
    """Of all songs together."""


@dataclass(slots=True, kw_only=True)
class Aside:
    """What crowdcut alone says of a song."""

    bars_right: int = 0
    """Songs whose bars are right too, of those that are right."""
    other_tempo_said: int = 0
    """Songs at twice or half the tempo of which the one that was played is named as well."""
    confidence: list[float] = field(default_factory=list)
    """0..1, song by song."""

    @property
    def refused(self) -> int:
        """Songs whose confidence is too little for anybody to cut to them."""
        return sum(one < CONFIDENCE_LEAST for one in self.confidence)


@contextmanager
def _timed(way: Way) -> Iterator[None]:
    started = process_time()
    yield
    way.cpu_seconds += process_time() - started


def _answer(score: Score, made: Played, found: Sequence[Any]) -> Answer:
    beats = tuple(float(one) for one in found)
    return Answer(wanted=tuple(made.beats), sections=counts_of(score), found=beats)


def _noted(aside: Aside, score: Score, made: Played, found: Beats) -> None:
    """Count what is told of one song besides its beats."""
    how = verdict(_answer(score, made, found.times))
    aside.confidence.append(found.confidence)
    aside.bars_right += how == "right" and hits(made.bars, found.bars) >= ENOUGH
    if how == "twice or half" and found.other_bpm is not None:
        other = float(found.other_bpm)
        aside.other_tempo_said += any(abs(other / bpm - 1) <= _SAME_TEMPO for _, bpm in score.sections)


def _by_librosa(librosa: by_librosa.Librosa, ways: Mapping[str, Way], song: Path, score: Score, made: Played) -> None:
    started = process_time()
    sound, rate = librosa.loaded(song)
    loading = process_time() - started
    for name in by_librosa.WAYS:
        with _timed(ways[name]):
            found = librosa.heard(name, sound, rate)
        ways[name].cpu_seconds += loading
        ways[name].answers.append(_answer(score, made, found.tolist()))


def _first(folder: Path, *words: str) -> float:
    """CPU seconds of a process of Python's."""
    return measured((sys.executable, *words), log=folder / "first.txt").cpu_seconds


def _heard(number: int, folder: Path, librosa: by_librosa.Librosa | None) -> tuple[dict[str, Way], Aside]:
    """The first ``number`` songs, made and heard one by one."""
    ways, aside = {name: Way() for name in (OURS, *(by_librosa.WAYS if librosa else ()))}, Aside()
    for place, score in enumerate(scores()[:number], start=1):
        made = played(score)
        song = write_sound(folder / "song.wav", made.sound[:, None], rate=RATE)
        with _timed(ways[OURS]):
            found = heard(song, meter=score.meter)
        ways[OURS].answers.append(_answer(score, made, found.times))
        _noted(aside, score, made, found)
        if librosa is not None:
            _by_librosa(librosa, ways, song, score, made)
        tempi = ", ".join(f"{bpm:g}" for _, bpm in score.sections)
        verdicts = "; ".join(verdict(way.answers[-1]) for way in ways.values())
        told(f"{place}: {tempi} a minute, {'drums' if score.drums else 'no drums'}: {verdicts}")
    return ways, aside


def _result(way: Way) -> dict[str, Any]:
    (shift, moved), late = best_moved(way.answers), lateness_ms(way.answers)
    return {
        "as it comes": judged(way.answers),
        "moved_ms": round(shift * 1000),
        "moved": moved,
        "late_ms": None if late is None else late[0],
        "cpu_seconds_a_song": round(way.cpu_seconds / len(way.answers), 3),
    }


def _lateness(answers: Sequence[Answer]) -> dict[str, tuple[float, float] | None]:
    """Median and what 95 % are within, of songs with drums and without, and of those that are played unevenly."""
    kinds: dict[str, Callable[[Score], bool]] = {
        "drums": lambda score: score.drums and not score.humanly,
        "no drums": lambda score: not score.drums and not score.humanly,
        "by hand": lambda score: score.humanly > 0,
    }
    pairs = list(zip(answers, scores(), strict=False))
    return {name: lateness_ms([one for one, score in pairs if kind(score)]) for name, kind in kinds.items()}


def _row(name: str, result: Mapping[str, Any], first: float) -> list[Any]:
    moved = result["moved"]
    return [
        *(name, *result["as it comes"].values(), result["late_ms"], result["moved_ms"], *moved.values()),
        *(result["cpu_seconds_a_song"], first),
    ]


def _positive(most: int) -> Callable[[str], int]:
    def number(word: str) -> int:
        value = int(word)
        if not 1 <= value <= most:
            raise ValueError(word)
        return value

    return number


def main() -> None:
    """Make the songs, find their beats in every way, print the table."""
    parser, most = parser_for(__doc__), len(scores())
    parser.add_argument(
        "--songs", type=_positive(most), default=most, metavar="N", help=f"the first N  [default: {most}]"
    )
    asked = parser.parse_args()
    with workplace(None, "beats") as (_, folder):
        first = {OURS: _first(folder, "-c", "import renderers.beats")}
        librosa = None
        if by_librosa.installed():
            cost = _first(folder, "-m", "benchmarks.beats.by_librosa")
            first |= dict.fromkeys(by_librosa.WAYS, cost)
            by_librosa.main()  # so that no song's time is one of compiling
            librosa = by_librosa.Librosa()
        else:
            told("librosa is not installed: left out")
        ways, aside = _heard(asked.songs, folder, librosa)
    found = {name: _result(way) for name, way in ways.items()}
    head = (
        "tracker",
        "right",
        "2x, 1/2",
        "neither",
        "late ms",
        "moved ms",
        "right",
        "2x, 1/2",
        "neither",
        "CPU s",
        "first",
    )
    print(table(head, [_row(name, result, first[name]) for name, result in found.items()]))
    lateness = _lateness(ways[OURS].answers)
    print(
        *(f"crowdcut, {kind}: {of[0]} ms late, 95 % within {of[1]} ms" for kind, of in lateness.items() if of), sep="\n"
    )
    ours, sure = found[OURS]["as it comes"], (min(aside.confidence), max(aside.confidence))
    print(
        f"crowdcut: bars right in {aside.bars_right} of {ours['right']}; the tempo that was played is named in",
        f"{aside.other_tempo_said} of {ours['twice or half']}; confidence {sure[0]} to {sure[1]},",
        f"too little in {aside.refused}",
    )
    whole = {
        "songs": asked.songs,
        "librosa": None if librosa is None else librosa.version,
        "trackers": {name: {**result, "first_cpu_seconds": first[name]} for name, result in found.items()},
        "bars_right": aside.bars_right,
        "other_tempo_said": aside.other_tempo_said,
        "lateness_ms": lateness,
        "confidence": sure,
        "refused": aside.refused,
    }
    written(asked.out, whole)


if __name__ == "__main__":
    main()

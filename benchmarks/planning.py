"""How long deciding takes: planning, starting, and handing a job to a child.

planning    500 and 5,000 shots with every examination in the store: `farm.build.planned` in a fresh process (from a
            manifest on disk to a plan with all keys), the best of three, and then where its time goes
starting    `crowdcut --help` and `crowdcut probe` of a small clip, from the shell and back, the best of five
jobs        what a job costs beside its own work: a crew of one child examines tiny files; its wall time less what the
            child says that it used
"""

import cProfile
import io
import json
import pstats
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, process_time
from typing import Any

from benchmarks.builds import COMMAND
from benchmarks.measuring import measured
from benchmarks.production import laid, made_library
from benchmarks.telling import Figure, add_work, parser_for, table, told, workplace, written
from crowdcut.records import plain, record_from
from examples.makers.footage import bustle
from examples.makers.sounds import write_sound
from farm.build import planned
from farm.crew import Crew
from farm.production import examine_job
from farm.sources import sources_for
from farm.store import Store
from farm.wish import Wish

_TIMES = 3
_STARTS = 5
_JOBS = 60
_SMALL_HEIGHT = 90
"""Of the film that the clips are made for: planning looks at none of their pixels."""
_MARKED = "measured: "
"""What stands before a child's answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """One call of ``planned``."""

    wall_seconds: float
    cpu_seconds: float
    jobs: int


def _wish(manifest: Path) -> Wish:
    return Wish(manifest=manifest, deliveries=("web",), store=manifest.parent / "store")


def _planned_once(manifest: Path) -> Planning:
    """Plan in this process, whose imports are done."""
    started, before = monotonic(), process_time()
    _, (delivery,), _ = planned(_wish(manifest), lambda _: None)
    return Planning(
        wall_seconds=round(monotonic() - started, 3),
        cpu_seconds=round(process_time() - before, 3),
        jobs=len(delivery.plan.jobs),
    )


def _planned_afresh(manifest: Path, folder: Path) -> Planning:
    """Plan in a process of its own, so that nothing is remembered from the last time."""
    log = folder / "planning.log"
    measured((sys.executable, "-m", "benchmarks.planning", "--child", manifest), log=log)
    answer = log.read_text(encoding="utf-8").rpartition(_MARKED)[2]
    return record_from(json.loads(answer), Planning)


def _hot_spots(manifest: Path, lines: int = 25) -> str:
    """Where the time of planning goes, by functions' own time."""
    profiler = cProfile.Profile()
    profiler.runcall(planned, _wish(manifest), lambda _: None)
    text = io.StringIO()
    pstats.Stats(profiler, stream=text).strip_dirs().sort_stats("tottime").print_stats(lines)
    return text.getvalue().strip()


def _plannings(work: Path, folder: Path, counts: list[int]) -> dict[int, Planning]:
    """The best planning of each number of shots; examines first what was never examined."""
    library = made_library(work / "small-library", height=_SMALL_HEIGHT)
    found = {}
    for shots in counts:
        manifest = laid(library, folder / f"shots-{shots}" / "episode.toml", shots=shots)
        told(f"planning {shots} shots")
        _planned_once(manifest)
        plannings = [_planned_afresh(manifest, folder) for _ in range(_TIMES)]
        found[shots] = min(plannings, key=lambda one: one.wall_seconds)
    print(_hot_spots(folder / f"shots-{counts[-1]}" / "episode.toml"))
    return found


def _starts(work: Path, folder: Path) -> dict[str, float]:
    """Wall seconds of commands that do almost nothing."""
    clip = next((work / "small-library").glob("04-*"))
    commands = {"crowdcut --help": ("--help",), "crowdcut probe CLIP": ("probe", str(clip))}
    return {
        name: min(measured((*COMMAND, *words), log=folder / "start.log").wall_seconds for _ in range(_STARTS))
        for name, words in commands.items()
    }


def _milliseconds_a_job(folder: Path) -> float:
    """Of a crew's work around each job: sending, publishing on disk, choosing the next."""
    files = {}
    for number in range(_JOBS + 1):
        path = folder / f"tiny-{number}.wav"
        files[path.name] = write_sound(path, bustle(seconds=0.1, seed=number), rate=48_000)
    store = Store(folder / "tiny-store")
    sources = sources_for(files, store)
    first, *jobs = (examine_job(file, sources) for file in files.values())
    with Crew(store, workers=1, listener=lambda _: None) as crew:
        crew.run([first])  # the child starts and imports
        started, before = monotonic(), sum(crew.cpu_seconds.values())
        outcome = crew.run(jobs)
        spent = monotonic() - started - (sum(crew.cpu_seconds.values()) - before)
    assert len(outcome.rendered) == _JOBS, outcome.failed
    return round(spent / _JOBS * 1000, 2)


def _rows(plannings: dict[int, Planning], starts: dict[str, float], milliseconds: float) -> list[list[Any]]:
    return [
        *([f"planning {shots} shots", one.wall_seconds, one.cpu_seconds] for shots, one in plannings.items()),
        *([name, seconds, None] for name, seconds in starts.items()),
        ["a job beside its work", milliseconds / 1000, None],
    ]


def _figures(plannings: dict[int, Planning], starts: dict[str, float], milliseconds: float) -> list[Figure]:
    figures = [
        Figure(name=f"planning {shots} shots", measured=one.wall_seconds, limit=0.5, unit=" s")
        for shots, one in plannings.items()
        if shots == 500
    ]
    figures += [Figure(name=name, measured=seconds, limit=0.5, unit=" s") for name, seconds in starts.items()]
    return [*figures, Figure(name="orchestration of a job", measured=milliseconds, limit=30, unit=" ms")]


def main() -> None:
    """Measure all of it and print the table."""
    parser = parser_for(__doc__)
    parser.add_argument("--shots", type=int, nargs="+", default=[500, 5000], metavar="N", help="[default: 500 5000]")
    parser.add_argument("--child", type=Path, metavar="MANIFEST", help="plan this once, say what it took, and no more")
    add_work(parser, "the library")
    asked = parser.parse_args()
    if asked.child is not None:
        print(_MARKED + json.dumps(plain(_planned_once(asked.child))))
        return
    with workplace(asked.work, "planning") as (work, folder):
        plannings = _plannings(work, folder, asked.shots)
        starts, milliseconds = _starts(work, folder), _milliseconds_a_job(folder)
    print(table(("what", "wall s", "CPU s"), _rows(plannings, starts, milliseconds)))
    found = {
        "planning": {str(shots): plain(one) for shots, one in plannings.items()},
        "starting_wall_seconds": starts,
        "milliseconds_a_job": milliseconds,
    }
    written(asked.out, found, _figures(plannings, starts, milliseconds))


if __name__ == "__main__":
    main()

"""The sound of an episode to finished PCM: cold, and after one change, beside one ffmpeg filter graph.

A production of N shots (426 of them last 22 minutes) as `python -m benchmarks.episodes` cuts it, with music under every
scene that gives way to two voices in each, dissolves, and the clips' own sound. Its files are examined beforehand; what
is measured is one process from the manifest to levelled and limited 48 kHz float32, with all of its children:

  cold        nothing is in the store: every contribution is listened to, prepared, and added up bus by bus
  unchanged   the same again
  gain        a voice is 2 dB softer
  shift       one clip begins six frames later
  trim        the first shot loses a frame (everything after it moves)
  coded       what AAC and measuring the decoded result add to the last of these
  ffmpeg      the same files with the same gains in one filter graph (imageio-ffmpeg's program): tracks of cues, fades,
              sidechain compression, amix, loudnorm in one pass; it measures no contribution and hears no speech

Both results are measured by the same meter.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.measuring import Cost, measured
from benchmarks.production import Edit, Library, laid, made_library
from benchmarks.sound.by_crowdcut import CODED, plan_of
from benchmarks.sound.by_ffmpeg import command_of
from benchmarks.telling import Figure, add_work, parser_for, table, told, workplace, written
from crowdcut.records import plain
from renderers.loudness.meter import measured as loudness_of
from renderers.sound.pcm import added_blocks, length_of

_EDITS = {
    "cold": Edit(),
    "unchanged": Edit(),
    "gain": Edit(gain=True),
    "shift": Edit(gain=True, sound=True),
    "trim": Edit(gain=True, sound=True, trim=True),
}
"""What each build's manifest says; each stands on the one before it."""
_PROMISED_SHOTS = 426
_LIMITS = {"cold": 60, "unchanged": 15, "gain": 15, "shift": 15, "trim": 15}
"""Wall seconds on two cores that issue 5 promises of such an episode."""
_APART_LU = 1.0
"""Further apart the two programmes may not lie, or one of them is not what is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The sound of one cut."""

    cost: Cost
    seconds: dict[str, float]
    """CPU seconds by kind of job; none of ffmpeg."""
    jobs: dict[str, int]
    """Jobs that were run, by kind."""
    length_samples: int = 0
    integrated: float | None = None
    """LUFS."""
    true_peak: float | None = None
    """dBTP."""


def _heard(run: Run, pcm: Path) -> Run:
    """The same, with what was written measured."""
    length = length_of(pcm)
    heard = loudness_of(added_blocks([pcm], length=length))
    pcm.unlink()
    return replace(run, length_samples=length, integrated=heard.integrated, true_peak=heard.true_peak)


def _by_crowdcut(manifest: Path, folder: Path, *, coded: bool = False) -> Run:
    """One process of crowdcut's. Raises CommandFailed."""
    plan_of(manifest, folder / "store")  # what is new has been examined by the time that the clock starts
    pcm, log = folder / "ours.f32", folder / "log.txt"
    words = (manifest, folder / "store", CODED if coded else pcm)
    cost = measured((sys.executable, "-m", "benchmarks.sound.by_crowdcut", *words), log=log)
    run = Run(cost=cost, **json.loads(log.read_text(encoding="utf-8").splitlines()[-1]))
    return run if coded else _heard(run, pcm)


def _by_ffmpeg(manifest: Path, folder: Path) -> Run | None:
    """The graph of the same plan, whose gains were found before; None where the program is not installed."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe
    except ImportError:
        told("ffmpeg: left out: imageio-ffmpeg is not installed")
        return None
    plan, store, _ = plan_of(manifest, folder / "store")
    facts = {bus.key: stored.facts for bus in plan.buses if (stored := store.find(bus.key)) is not None}
    pcm = folder / "theirs.f32"
    cost = measured(command_of(get_ffmpeg_exe(), plan, facts, pcm), log=folder / "ffmpeg.txt")
    return _heard(Run(cost=cost, seconds={}, jobs={}), pcm)


def _runs(library: Library, folder: Path, shots: int) -> dict[str, Run]:
    runs: dict[str, Run] = {}
    manifest = folder / "episode.toml"
    for name, edit in _EDITS.items():
        laid(library, manifest, shots=shots, edit=edit)
        runs[name] = _by_crowdcut(manifest, folder)
        told(f"{name}: {runs[name].cost.wall_seconds:.1f} s, {runs[name].cost.cpu_seconds:.1f} CPU s")
    runs["coded"] = _by_crowdcut(manifest, folder, coded=True)
    theirs = _by_ffmpeg(manifest, folder)
    return runs if theirs is None else {**runs, "ffmpeg": theirs}


def _rows(runs: Mapping[str, Run]) -> list[list[Any]]:
    peer = runs.get("ffmpeg")
    return [
        [
            name,
            run.cost.wall_seconds,
            None if peer is None else run.cost.wall_seconds / peer.cost.wall_seconds,
            run.cost.cpu_seconds,
            None if peer is None else run.cost.cpu_seconds / peer.cost.cpu_seconds,
            round(run.cost.largest_process_mb),
            sum(run.jobs.values()),
            run.integrated,
            run.true_peak,
        ]
        for name, run in runs.items()
    ]


def _by_kind(runs: Mapping[str, Run]) -> str:
    kinds = dict.fromkeys(kind for run in runs.values() for kind in run.seconds)
    ours = {name: run for name, run in runs.items() if run.seconds}
    head = ("CPU s of", *kinds)
    return table(head, [[name, *(run.seconds.get(kind, 0.0) for kind in kinds)] for name, run in ours.items()])


def _complaints(runs: Mapping[str, Run]) -> list[str]:
    """Where ours and the graph's are not the same programme."""
    if (theirs := runs.get("ffmpeg")) is None:
        return []
    ours, found = runs["trim"], list[str]()
    if ours.length_samples != theirs.length_samples:
        found.append(f"{theirs.length_samples} samples by ffmpeg, {ours.length_samples} by crowdcut")
    if ours.integrated is None or theirs.integrated is None or abs(ours.integrated - theirs.integrated) > _APART_LU:
        found.append(f"{theirs.integrated} LUFS by ffmpeg, {ours.integrated} by crowdcut")
    return found


def main() -> None:
    """Make the production, build its sound in every way, print the tables."""
    parser = parser_for(__doc__)
    shots = _PROMISED_SHOTS
    parser.add_argument("--shots", type=int, default=shots, metavar="N", help=f"[default: {shots}]")
    parser.add_argument("--height", type=int, default=1080, metavar="PIXELS", help="film the clips are made for")
    add_work(parser, "the library")
    asked = parser.parse_args()
    with workplace(asked.work, "sound") as (work, folder):
        runs = _runs(made_library(work / "library", height=asked.height), folder, asked.shots)
    head = ("sound", "wall s", "of ffmpeg", "CPU s", "of ffmpeg", "largest MB", "jobs", "LUFS", "dBTP")
    print(table(head, _rows(runs)), _by_kind(runs), *_complaints(runs), sep="\n")
    figures = [
        Figure(name=f"{name}: wall on two cores", measured=runs[name].cost.wall_seconds, limit=limit, unit=" s")
        for name, limit in _LIMITS.items()
        if asked.shots == _PROMISED_SHOTS
    ]
    written(asked.out, {"sound": plain(runs), "complaints": _complaints(runs)}, figures)


if __name__ == "__main__":
    main()

"""The same cut by crowdcut and by what people would use instead, measured side by side.

The cut: twelve five-second shots as a crowd sends them (a phone held upright, 4:3, 60 frames a second, an uneven rate,
4K, HEVC, VP9, VP8, MPEG-4, a photograph), each whole in a 1920x1080 picture at 24 frames a second on black, cuts only,
with the clips' own sound. All encode with x264, preset medium, crf 18, High@4.2, AAC 256k, and may use every core:

  crowdcut   its command line with a cold store: examined, levelled to -14 LUFS, limited, read back, verified; its film
             ends with a second of credits
  ffmpeg     one filter graph (imageio-ffmpeg's program); sound resampled and joined, not levelled
  moviepy    MoviePy 2, ffmpeg scaling as it reads; sound joined, not levelled
  melt       MLT with a playlist, where the system has it; sound joined, not levelled
  encoder    the encoder alone on the finished frames, on one thread (and its wall time on one core)

So the others do less, and crowdcut's ratios err against it. Rounds are interleaved, because machines are noisy; of
each contender the round with the least CPU counts. Every film is decoded and checked: size, rate, number of frames,
length of the sound, and the frame number drawn in the first, middle and last frame of each shot.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.contenders import by_crowdcut, by_encoder, by_ffmpeg, by_melt, by_moviepy
from benchmarks.contenders.prepared import Missing, Prepared
from benchmarks.cut import Cut, cut_over, made_cut
from benchmarks.inspecting import complaints
from benchmarks.measuring import measured
from benchmarks.telling import Figure, add_work, parser_for, table, told, workplace, written
from crowdcut.records import plain

CONTENDERS: dict[str, Callable[[Cut, Path], Prepared]] = {
    "crowdcut": by_crowdcut.prepared,
    "ffmpeg": by_ffmpeg.prepared,
    "moviepy": by_moviepy.prepared,
    "melt": by_melt.prepared,
    "encoder": by_encoder.prepared,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One contender in one round."""

    contender: str
    cpu_seconds: float
    wall_seconds: float
    peak_mb: float | None
    """All its processes together; None for the encoder, which holds all frames."""
    largest_process_mb: float | None
    film_mb: float
    complaints: tuple[str, ...]
    """What is wrong with the film."""
    cpu_seconds_by_kind: dict[str, float]
    """What crowdcut's kinds of job took, by its report; empty for the others."""


def _run(name: str, cut: Cut, folder: Path) -> Run:
    """One film by one contender in a new folder. Raises Missing, CommandFailed."""
    folder.mkdir()
    log = folder / "log.txt"
    todo = CONTENDERS[name](cut, folder)
    cost = measured(todo.command, log=log)
    by_kind, tail_frames = by_crowdcut.told_in(folder) if name == "crowdcut" else ({}, 0)
    if name == "encoder":
        alone = by_encoder.told_in(log)
        size = sum(piece.stat().st_size for piece in todo.film.iterdir())
        wrong, cpu, wall, peaks = [], alone.cpu_seconds, alone.wall_seconds, (None, None)
    else:
        size, wrong = todo.film.stat().st_size, complaints(cut, todo.film, tail_frames=tail_frames)
        cpu, wall, peaks = cost.cpu_seconds, cost.wall_seconds, (cost.peak_mb, cost.largest_process_mb)
    shutil.rmtree(folder)
    return Run(
        contender=name,
        cpu_seconds=round(cpu, 2),
        wall_seconds=round(wall, 2),
        peak_mb=peaks[0],
        largest_process_mb=peaks[1],
        film_mb=round(size / 2**20, 2),
        complaints=tuple(wrong),
        cpu_seconds_by_kind=by_kind,
    )


def _rounds(cut: Cut, names: list[str], rounds: int, folder: Path) -> list[Run]:
    """Every contender once a round, in turn; those that are not installed are told and left out."""
    runs: list[Run] = []
    for number in range(1, rounds + 1):
        for name in list(names):
            try:
                run = _run(name, cut, folder / f"{name}-{number}")
            except Missing as missing:
                told(f"{name}: left out: {missing}")
                names.remove(name)
                continue
            runs.append(run)
            told(f"round {number}, {name}: {run.cpu_seconds:.1f} CPU s, {run.wall_seconds:.1f} s")
            for wrong in run.complaints:
                told(f"  {name}: {wrong}")
    return runs


def _best(runs: list[Run]) -> dict[str, Run]:
    """The round with the least CPU of each contender."""
    names = dict.fromkeys(run.contender for run in runs)
    return {
        name: min((run for run in runs if run.contender == name), key=lambda run: run.cpu_seconds) for name in names
    }


def _table(best: dict[str, Run]) -> str:
    head = ("contender", "CPU s", "x", "wall s", "x", "all MB", "largest MB", "film MB", "checked")
    ours = best.get("crowdcut")
    rows: list[list[Any]] = []
    for name, run in best.items():
        ratios = (run.cpu_seconds / ours.cpu_seconds, run.wall_seconds / ours.wall_seconds) if ours else (None, None)
        verdict = "-" if name == "encoder" else f"{len(run.complaints)} wrong" if run.complaints else "right"
        peaks = [None if peak is None else round(peak) for peak in (run.peak_mb, run.largest_process_mb)]
        rows.append([name, run.cpu_seconds, ratios[0], run.wall_seconds, ratios[1], *peaks, run.film_mb, verdict])
    return table(head, rows)


def _figures(best: dict[str, Run]) -> list[Figure]:
    """What the design promises of a cold build, as far as its rivals ran."""
    promised = (
        ("cold build's CPU, of the encoder alone", "encoder", "cpu_seconds", 1.15),
        ("cold build's wall, of one ffmpeg filter graph", "ffmpeg", "wall_seconds", 0.75),
        ("cold build's wall, of MoviePy", "moviepy", "wall_seconds", 0.45),
    )
    return [
        Figure(
            name=name, measured=round(getattr(best["crowdcut"], field) / getattr(best[rival], field), 3), limit=limit
        )
        for name, rival, field, limit in promised
        if {rival, "crowdcut"} <= best.keys()
    ]


def main() -> None:
    """Make the cut, run everybody, print the table."""
    parser = parser_for(__doc__)
    parser.add_argument("--shots", type=int, default=12, metavar="N", help="shots of the cut  [default: 12]")
    parser.add_argument("--seconds", type=Fraction, default=Fraction(5), metavar="S", help="of each  [default: 5]")
    parser.add_argument("--height", type=int, default=1080, metavar="PIXELS", help="of the film  [default: 1080]")
    parser.add_argument("--rounds", type=int, default=2, metavar="N", help="times that everybody works  [default: 2]")
    parser.add_argument("--media", type=Path, metavar="DIR", help="cut these films instead of made ones")
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, metavar="NAME", help="some of the contenders")
    add_work(parser, "the clips")
    asked = parser.parse_args()
    with workplace(asked.work, "contenders") as (work, folder):
        shape = {"shots": asked.shots, "seconds": asked.seconds, "height": asked.height}
        cut = cut_over(asked.media.resolve(), **shape) if asked.media else made_cut(work / "clips", **shape)
        runs = _rounds(cut, list(asked.only or CONTENDERS), asked.rounds, folder)
    best = _best(runs)
    print(_table(best))
    sources = [shot.source.name for shot in cut.shots]
    about = {"shots": sources, "frames": cut.frames, "size": [cut.width, cut.height], "rate": str(cut.rate)}
    found = {"cut": about, "best": plain(best), "rounds": plain(runs)}
    for kind, seconds in best["crowdcut"].cpu_seconds_by_kind.items() if "crowdcut" in best else ():
        print(f"  crowdcut's {kind}: {seconds:.2f} CPU s")
    written(asked.out, found, _figures(best))


if __name__ == "__main__":
    main()

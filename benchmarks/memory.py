"""The largest process of builds that strain memory, each through crowdcut's own command line.

  four-hd      12 full-HD shots that dissolve into each other, each with another full-HD clip laid over it: four sources
               are open at once
  two-uhd      one 4K clip dissolves into another, delivered in full HD
  twelve-uhd   twelve 4K clips at once, in a grid
  two-grids    a grid of twelve 4K clips dissolves into another: 24 sources are open at once
  long-film    1,500 shots, as `python -m benchmarks.episodes` cuts them; their picture is the proxy's, since what is
               looked for here grows with the number of shots, not with their size
  long-sound   two hours of music and voices under stills, their picture 64 pixels wide: the sound is levelled, mixed,
               limited, coded and read back whole

For each the largest process (resident set), the build's own process, and all processes together (PSS).
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.builds import Build, build
from benchmarks.production import laid, made_library, made_sounds
from benchmarks.sources import KINDS, Source, listing, made_sources
from benchmarks.telling import Figure, add_work, parser_for, table, told, workplace, written
from crowdcut.records import plain

_HD_LIMIT_MB, _UHD_LIMIT_MB, _FURTHER_MB = 700, 1200, 40
"""With up to four HD sources open, or two 4K ones; and for each further source."""
_CELLS = 12
_SHOT_SECONDS = 3
_SMALL = 'extends = "web"\nsize = [64, 36]\nvideo = { preset = "ultrafast", crf = "40" }'
_STILL_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line says."""

    work: Path
    height: int
    shots: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A build that strains memory."""

    lay: Callable[[Asked, Path], Path]
    """Writes its manifest into a folder."""
    profile: str
    limit_mb: int


def _numbers(kind: str, count: int) -> list[int]:
    """Numbers of the first ``count`` sources of this kind."""
    first = next(number for number, known in enumerate(KINDS) if known.name == kind)
    return [first + turn * len(KINDS) for turn in range(count)]


def _clips(asked: Asked, numbers: list[int]) -> tuple[Path, tuple[Source, ...]]:
    """A library of these clips alone."""
    folder = asked.work / "library"
    clips = made_sources(folder, numbers, seconds=Fraction(2 * _SHOT_SECONDS), height=asked.height)
    return folder, clips


def _written(folder: Path, media: Path, sources: tuple[Source, ...], shots: list[str]) -> Path:
    """A manifest of one scene over sources in the folder ``media``."""
    library = folder / "library"
    library.mkdir(parents=True)
    (library / "media").symlink_to(media.resolve(), target_is_directory=True)
    placed = [Source(name=one.name, file=f"media/{one.file}", size=one.size) for one in sources]
    (library / "contributions.toml").write_text(listing(placed, ("Somebody",)), encoding="utf-8")
    manifest = folder / "episode.toml"
    head = f'format = 1\ntitle = "Memory"\nslug = "film"\n[profile.small]\n{_SMALL}\n[[scene]]\n'
    manifest.write_text(head + "\n".join(shots) + "\n", encoding="utf-8")
    return manifest


def _dissolving(clips: tuple[Source, ...], count: int, *, over: bool) -> list[str]:
    """Shots of the clips in turn, each dissolving for a second; with ``over`` another clip lies on each."""
    shots = []
    for number in range(count):
        name, other = (clips[place % len(clips)].name for place in (number, number + 2))
        into = 'into = "dissolve 24f"\n' if number else ""
        layer = f'[[scene.shot.layer]]\nuse = "{other}"\nplace = "top right 40%"\n' if over else ""
        shots.append(f'[[scene.shot]]\nuse = "{name}"\nin = 1\nfor = {_SHOT_SECONDS}\nfit = "blur"\n{into}{layer}')
    return shots


def _four_hd(asked: Asked, folder: Path) -> Path:
    kinds = ("phone-portrait", "action-60", "film-24", "phone-hevc")
    media, clips = _clips(asked, [number for kind in kinds for number in _numbers(kind, 1)])
    return _written(folder, media, clips, _dissolving(clips, 12, over=True))


def _two_uhd(asked: Asked, folder: Path) -> Path:
    media, clips = _clips(asked, _numbers("uhd", 2))
    return _written(folder, media, clips, _dissolving(clips, 2, over=False))


def _grids(asked: Asked, folder: Path, count: int) -> Path:
    """Grids of 4K clips, each dissolving into the next for half a second. A file is decoded for each of its cells."""
    media, clips = _clips(asked, _numbers("uhd", 2))
    cells = [f'{{ use = "{clips[number % 2].name}", in = "{number}f" }}' for number in range(_CELLS)]
    grid = f'[[scene.shot]]\nuse = [{", ".join(cells)}]\nlayout = "grid"\nfor = 2\nsound = "mute"\n'
    return _written(folder, media, clips, [grid, *[f'{grid}into = "dissolve 12f"\n'] * (count - 1)])


def _long_film(asked: Asked, folder: Path) -> Path:
    library = made_library(asked.work / "library", height=asked.height)
    return laid(library, folder / "episode.toml", shots=asked.shots)


def _long_sound(asked: Asked, folder: Path) -> Path:
    media, (still,) = _clips(asked, _numbers("photo", 1))
    sounds = made_sounds(media)
    shots = ['[[scene.music]]\nuse = "song-1"\nuntil = "end"\nloop = true\ngain = -3']
    for number in range(asked.minutes * 60 // _STILL_SECONDS):
        voice = sounds[4 + number % 5].name
        shots.append(f'[[scene.voice]]\nuse = "{voice}"\nat = {number * _STILL_SECONDS + 3}')
    for number in range(asked.minutes * 60 // _STILL_SECONDS):
        focus = f"0.5,{number / 1000:.3f}"
        shots.append(f'[[scene.shot]]\nuse = "{still.name}"\nfor = {_STILL_SECONDS}\nfit = "cover"\nfocus = "{focus}"')
    return _written(folder, media, (still, *sounds), shots)


CASES = {
    "four-hd": Case(lay=_four_hd, profile="web", limit_mb=_HD_LIMIT_MB),
    "two-uhd": Case(lay=_two_uhd, profile="web", limit_mb=_UHD_LIMIT_MB),
    "twelve-uhd": Case(
        lay=lambda asked, folder: _grids(asked, folder, 1),
        profile="web",
        limit_mb=_UHD_LIMIT_MB + _FURTHER_MB * (_CELLS - 2),
    ),
    "two-grids": Case(
        lay=lambda asked, folder: _grids(asked, folder, 2),
        profile="web",
        limit_mb=_UHD_LIMIT_MB + _FURTHER_MB * (2 * _CELLS - 2),
    ),
    "long-film": Case(lay=_long_film, profile="proxy", limit_mb=_HD_LIMIT_MB),
    "long-sound": Case(lay=_long_sound, profile="small", limit_mb=_HD_LIMIT_MB),
}


def _row(name: str, one: Build) -> list[Any]:
    cost = one.cost
    peaks = [round(peak) for peak in (cost.largest_process_mb, cost.own_mb, cost.peak_mb)]
    return [name, *peaks, cost.wall_seconds, cost.cpu_seconds, one.length_frames]


def _figure(name: str, one: Build) -> Figure:
    largest_mb = one.cost.largest_process_mb
    return Figure(name=f"{name}: largest process", measured=largest_mb, limit=CASES[name].limit_mb, unit=" MB")


def main() -> None:
    """Build every case that is asked for and print the table."""
    parser = parser_for(__doc__)
    parser.add_argument("--only", nargs="+", choices=CASES, default=list(CASES), metavar="CASE", help="[default: all]")
    parser.add_argument("--shots", type=int, default=1500, metavar="N", help="of long-film  [default: 1500]")
    parser.add_argument("--minutes", type=int, default=120, metavar="N", help="of long-sound  [default: 120]")
    parser.add_argument("--height", type=int, default=1080, metavar="PIXELS", help="film the clips are made for")
    add_work(parser, "the clips")
    options = parser.parse_args()
    builds: dict[str, Build] = {}
    with workplace(options.work, "memory") as (work, temporary):
        asked = Asked(work=work, height=options.height, shots=options.shots, minutes=options.minutes)
        for name in options.only:
            case, folder = CASES[name], temporary / name
            manifest = case.lay(asked, folder)
            builds[name] = build(manifest, profile=case.profile, out=folder / "out", store=folder / "store")
            told(f"{name}: {builds[name].cost.largest_process_mb:.0f} MB, {builds[name].cost.wall_seconds:.0f} s")
            shutil.rmtree(folder)
    head = ("build", "largest MB", "own MB", "all MB", "wall s", "CPU s", "frames")
    print(table(head, [_row(name, one) for name, one in builds.items()]))
    written(options.out, {"builds": plain(builds)}, [_figure(name, one) for name, one in builds.items()])


if __name__ == "__main__":
    main()

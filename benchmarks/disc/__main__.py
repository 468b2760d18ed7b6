"""What discs cost: authoring long titles, and whole discs beside ffmpeg with dvdauthor.

  authoring  titles of 10, 20 and 40 minutes at 5 Mb/s, and a disc of 90 minutes of ten each, are authored from their
             program streams: by crowdcut's author job (vtskit, udfkit) and by dvdauthor with genisoimage. Memory that
             is a process's own is told apart from pages of the files that it looks into, which the system takes back
             when it needs them
  films      a disc of some films, each one clip of full HD: `crowdcut disc`, cold, with credits, menus and verifier,
             and one `ffmpeg -target ntsc-dvd` run for each film with dvdauthor and genisoimage, without any of these

dvdauthor and genisoimage are the system's (`apt-get install dvdauthor genisoimage`), and left out where they are not.
"""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.builds import COMMAND
from benchmarks.disc.by_crowdcut import chapters
from benchmarks.disc.by_dvdauthor import commands, control_of, missing
from benchmarks.disc.streams import made_title
from benchmarks.measuring import Cost, measured
from benchmarks.sources import KINDS, Source, listing, made_sources
from benchmarks.telling import Figure, add_work, parser_for, table, told, workplace, written
from crowdcut.records import plain

_PARTS = ("authoring", "films")
_DISC_MINUTES = 90
_FURTHER_MB = 1.0
"""Of a process's own memory for each further minute of a title: tables of its pictures and units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A disc that was made."""

    cost: Cost
    seconds: float
    """Of its titles together."""
    image_mb: float


def _both(first: Cost, second: Cost) -> Cost:
    """Two commands in turn."""
    return Cost(
        wall_seconds=first.wall_seconds + second.wall_seconds,
        cpu_seconds=first.cpu_seconds + second.cpu_seconds,
        peak_mb=max(first.peak_mb, second.peak_mb),
        largest_process_mb=max(first.largest_process_mb, second.largest_process_mb),
        anonymous_mb=max(first.anonymous_mb, second.anonymous_mb),
        own_mb=max(first.own_mb, second.own_mb),
    )


def _made(cost: Cost, image: Path, seconds: float) -> Made:
    size_mb = image.stat().st_size / 1e6
    told(f"{image.parent.name}: {cost.wall_seconds:.1f} s, {cost.cpu_seconds:.1f} CPU s, {size_mb:.0f} MB")
    return Made(cost=cost, seconds=seconds, image_mb=size_mb)


def _dvdauthored(titles: Sequence[Path], starts: Sequence[Fraction], folder: Path) -> tuple[Cost, Path]:
    folder.mkdir()
    control, image = folder / "disc.xml", folder / "disc.iso"
    control.write_text(control_of(titles, starts), encoding="utf-8")
    author, imaged = commands(control, folder / "disc", image)
    environment = {"VIDEO_FORMAT": "NTSC"}
    first = measured(author, log=folder / "log", environment=environment)
    return _both(first, measured(imaged, log=folder / "log")), image


def _authored(work: Path, folder: Path, minutes: int, count: int) -> dict[str, Made]:
    """``count`` titles of so many minutes, by both."""
    titles = [made_title(work / f"title-{minutes}.mpg", minutes)] * count
    name, seconds, found = f"{count} x {minutes} min", count * minutes * 60.0, {}
    ours = folder / f"crowdcut {name}"
    ours.mkdir()
    command = (sys.executable, "-m", "benchmarks.disc.by_crowdcut", ours / "disc.iso", str(minutes), *titles)
    found[ours.name] = _made(measured(command, log=ours / "log"), ours / "disc.iso", seconds)
    shutil.rmtree(ours)
    if not missing():
        theirs = folder / f"dvdauthor {name}"
        found[theirs.name] = _made(*_dvdauthored(titles, chapters(minutes), theirs), seconds)
        shutil.rmtree(theirs)
    return found


def _laid(folder: Path, media: Path, films: Sequence[Source]) -> Path:
    """A disc's file and its films' manifests."""
    library = folder / "library"
    library.mkdir(parents=True)
    (library / "media").symlink_to(media.resolve(), target_is_directory=True)
    placed = [Source(name=one.name, file=f"media/{one.file}", size=one.size) for one in films]
    (library / "contributions.toml").write_text(listing(placed, ("Somebody",)), encoding="utf-8")
    for number, one in enumerate(films, 1):
        head = f'format = 1\ntitle = "Film {number}"\nrate = "24000/1001"\ndelivery = ["dvd-ntsc"]\n[[scene]]\n'
        shot = f'title = "All"\n[[scene.shot]]\nuse = "{one.name}"\n'
        (folder / f"film{number}.toml").write_text(head + shot, encoding="utf-8")
    names = ", ".join(f'"film{number}.toml"' for number in range(1, len(films) + 1))
    file = folder / "disc.toml"
    text = f'format = 1\ntitle = "Films"\nslug = "disc"\nprofile = "dvd-ntsc"\nepisodes = [{names}]\n'
    file.write_text(text, encoding="utf-8")
    return file


def _films(work: Path, folder: Path, count: int, seconds: int) -> dict[str, Made]:
    """A disc of films, by both."""
    kind = next(number for number, one in enumerate(KINDS) if one.name == "film-24")
    numbers = [kind + turn * len(KINDS) for turn in range(count)]
    films = made_sources(work / "clips", numbers, seconds=Fraction(seconds), height=1080)
    ours = folder / "crowdcut disc"
    file, out = _laid(ours, work / "clips", films), ours / "out"
    command = (*COMMAND, "disc", str(file), "--out", str(out), "--store", str(ours / "store"))
    cost = measured(command, log=ours / "log")
    length = float(count * seconds)
    found = {ours.name: _made(cost, out / "dvd-ntsc" / "disc.iso", length)}
    if not missing():
        found["ffmpeg, dvdauthor"] = _by_ffmpeg([work / "clips" / one.file for one in films], folder, length)
    return found


def _by_ffmpeg(clips: Sequence[Path], folder: Path, seconds: float) -> Made:
    from imageio_ffmpeg import get_ffmpeg_exe

    coded = folder / "coded"
    coded.mkdir()
    cost, titles = None, []
    for clip in clips:
        title = coded / f"{clip.stem}.mpg"
        command = [
            get_ffmpeg_exe(),
            "-nostdin",
            "-v",
            "error",
            "-i",
            clip,
            "-target",
            "ntsc-dvd",
            "-aspect",
            "16:9",
            title,
        ]
        one = measured(command, log=coded / "log")
        cost = one if cost is None else _both(cost, one)
        titles.append(title)
    authored, image = _dvdauthored(titles, (Fraction(0),), folder / "ffmpeg, dvdauthor")
    return _made(authored if cost is None else _both(cost, authored), image, seconds)


def _row(name: str, one: Made) -> list[Any]:
    cost = one.cost
    megabytes_a_second = one.image_mb / cost.cpu_seconds if cost.cpu_seconds else None
    memory = [round(figure) for figure in (cost.anonymous_mb, cost.largest_process_mb)]
    return [name, cost.wall_seconds, cost.cpu_seconds, *memory, round(one.image_mb), megabytes_a_second]


def _figures(found: dict[str, Made]) -> list[Figure]:
    """What a further minute of a title takes, from the shortest to the longest."""
    single = [one for name, one in found.items() if name.startswith("crowdcut 1 x")]
    if len(single) < 2:
        return []
    more = (single[-1].cost.anonymous_mb - single[0].cost.anonymous_mb) / (
        (single[-1].seconds - single[0].seconds) / 60
    )
    return [Figure(name="own memory for each further minute", measured=round(more, 2), limit=_FURTHER_MB, unit=" MB")]


def main() -> None:
    """Make what is asked for and print the table."""
    parser = parser_for(__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=_PARTS, default=list(_PARTS), metavar="PART", help="[default: both]"
    )
    parser.add_argument("--minutes", nargs="+", type=int, default=[10, 20, 40], metavar="N", help="[default: 10 20 40]")
    parser.add_argument("--films", type=int, default=3, metavar="N", help="[default: 3]")
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="of each film  [default: 60]")
    add_work(parser, "titles and clips")
    options = parser.parse_args()
    found: dict[str, Made] = {}
    with workplace(options.work, "disc") as (work, folder):
        if "authoring" in options.only:
            for minutes in options.minutes:
                found |= _authored(work, folder, minutes, 1)
            shortest = min(options.minutes)
            found |= _authored(work, folder, shortest, max(1, _DISC_MINUTES // shortest))
        if "films" in options.only:
            found |= _films(work, folder, options.films, options.seconds)
    head = ("disc", "wall s", "CPU s", "own MB", "resident MB", "image MB", "MB a CPU s")
    print(table(head, [_row(name, one) for name, one in found.items()]))
    written(options.out, {"discs": plain(found)}, _figures(found))


if __name__ == "__main__":
    main()

"""Cold, unchanged and changed builds of whole episodes, through crowdcut's own command line.

A production of N shots (426 of them last 22 minutes) over forty clips and stills and nine sounds: scenes of fifteen
shots with music and voices, dissolves, lower thirds and credits. For each number of shots and each rate, in turn:

  cold        nothing is in the store
  unchanged   the same again
  still       one still is framed otherwise (the sound is unchanged)
  sound       one clip begins six frames later, and so does its sound
  trim        the first shot loses a frame (all later ones move)
  put back    the first cut again: its film must have the same stream hash

Each row stands on the one before it. 426 shots in full HD take about twenty minutes of two cores a rate; with
--profile proxy and few shots it is a try-out. --media DIR builds motley over a folder of other people's media instead.
"""

import re
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.builds import Build, build
from benchmarks.production import Edit, Library, laid, made_library
from benchmarks.telling import Figure, add_work, parser_for, table, told, workplace, written
from crowdcut.records import plain
from examples.motley.lay import lay

EDITS = {
    "cold": Edit(),
    "unchanged": Edit(),
    "still": Edit(still=True),
    "sound": Edit(still=True, sound=True),
    "trim": Edit(still=True, sound=True, trim=True),
    "put back": Edit(),
}
"""What each build's manifest says, by its name; in order."""
_PROMISED_SHOTS = 426
"""The episode that design promises something of."""


def _written_over(manifest: Path, pattern: str, replacement: str) -> None:
    """Rewrite the first place of the manifest that ``pattern`` finds."""
    text, count = re.subn(pattern, replacement, manifest.read_text(encoding="utf-8"), count=1)
    assert count == 1, f"nothing in {manifest} is like {pattern}"
    manifest.write_text(text, encoding="utf-8")


def _motley(media: Path, folder: Path, profiles: dict[str, str], edit: Edit) -> Path:
    """Motley's manifest with an edit; its first shot is a card, so that what is trimmed is its first clip."""
    manifest = lay(media, folder)
    if edit.still:
        _written_over(manifest, r'for = 2\.5\n  fit = "contain"', 'for = 2.5\n  fit = "cover"')
    if edit.sound:
        _written_over(manifest, r"in = 1\n", "in = 1.5\n")
    if edit.trim:
        _written_over(manifest, r"in = 1\n  for = 3", 'in = 1\n  for = "71f"')
    tables = "\n".join(f"[profile.{name}]\n{text}" for name, text in profiles.items())
    _written_over(manifest, r"\[each\]", f"{tables}\n[each]")
    return manifest


def _episode(write: Callable[[Edit], Path], profile: str, folder: Path) -> dict[str, Build]:
    """All builds of one episode at one rate, in a folder that is cleared afterwards."""
    builds: dict[str, Build] = {}
    for name, edit in EDITS.items():
        manifest = write(edit)
        built = build(manifest, profile=profile, out=folder / "out", store=folder / "store")
        builds[name] = built
        jobs = ", ".join(f"{count} {kind}" for kind, count in built.rendered.items()) or "nothing"
        told(f"  {name}: {built.cost.wall_seconds:.1f} s, {built.cost.cpu_seconds:.1f} CPU s; rendered {jobs}")
    shutil.rmtree(folder)
    return builds


def _rows(label: str, builds: dict[str, Build]) -> list[list[Any]]:
    cold = builds["cold"]
    return [
        [
            f"{label}, {name}",
            one.cost.wall_seconds,
            f"{one.cost.wall_seconds / cold.cost.wall_seconds:.1%}",
            one.cost.cpu_seconds,
            one.picture_cpu_seconds,
            f"{one.picture_cpu_seconds / cold.picture_cpu_seconds:.1%}",
            one.rendered.get("picture", 0),
            sum(one.rendered.values()),
            round(one.cost.largest_process_mb),
        ]
        for name, one in builds.items()
    ]


def _figures(label: str, builds: dict[str, Build]) -> list[Figure]:
    """What the design promises of changing one shot of 22 minutes, in percent of the cold build."""
    cold, figures = builds["cold"], []
    for name, limit in (("still", 2), ("sound", 4), ("trim", 4)):
        wall = 100 * builds[name].cost.wall_seconds / cold.cost.wall_seconds
        picture = 100 * builds[name].picture_cpu_seconds / cold.picture_cpu_seconds
        figures += [
            Figure(name=f"{label}, {name}: wall of cold", measured=round(wall, 2), limit=limit, unit=" %"),
            Figure(name=f"{label}, {name}: picture work of cold", measured=round(picture, 2), limit=1, unit=" %"),
        ]
    unchanged = builds["unchanged"]
    pictures = unchanged.rendered.get("picture", 0)
    return [
        *figures,
        Figure(name=f"{label}, unchanged", measured=unchanged.cost.wall_seconds, limit=5, unit=" s"),
        Figure(name=f"{label}, unchanged: pictures rendered", measured=pictures, limit=0),
    ]


def _same_film(label: str, builds: dict[str, Build]) -> bool:
    """Whether unchanged and put back are the cold build's film."""
    hashes = {builds[name].stream_hash for name in ("cold", "unchanged", "put back")}
    print(f"{label}: {'the same stream hash' if len(hashes) == 1 else 'OTHER STREAM HASHES'} unchanged and put back")
    return len(hashes) == 1


def main() -> None:
    """Build every episode that is asked for and print the tables."""
    parser = parser_for(__doc__)
    parser.add_argument("--shots", type=int, nargs="+", default=[120, 426], metavar="N", help="[default: 120 426]")
    rates = ["24", "25", "30000/1001"]
    parser.add_argument("--rates", nargs="+", default=rates, metavar="RATE", help="[default: 24 25 30000/1001]")
    parser.add_argument("--profile", default="web", metavar="NAME", help="the delivery to extend  [default: web]")
    parser.add_argument("--height", type=int, default=1080, metavar="PIXELS", help="film the clips are made for")
    parser.add_argument("--media", type=Path, metavar="DIR", help="motley over this folder instead of made productions")
    add_work(parser, "the library")
    asked = parser.parse_args()
    found: dict[str, dict[str, Build]] = {}
    with workplace(asked.work, "episodes") as (work, folder):
        library = None if asked.media else made_library(work / "library", height=asked.height)
        for shots in [0] if asked.media else asked.shots:
            for rate in map(Fraction, asked.rates):
                label = f"{f'{shots} shots' if library else 'motley'} at {float(rate):.5g}"
                told(label)
                write = _writer(library, asked.media, folder / "episode", shots=shots, profile=asked.profile, rate=rate)
                found[label] = _episode(write, "measured", folder / "episode")
    _told(found, asked.out, figures_for=f"{_PROMISED_SHOTS} shots at ")


def _writer(
    library: Library | None, media: Path | None, folder: Path, *, shots: int, profile: str, rate: Fraction
) -> Callable[[Edit], Path]:
    """What writes the manifest with an edit; the delivery ``measured`` is ``profile`` at ``rate``."""
    profiles = {"measured": f'extends = "{profile}"\nrate = "{rate}"'}
    if library is None:
        assert media is not None
        return lambda edit: _motley(media, folder, profiles, edit)
    return lambda edit: laid(library, folder / "episode.toml", shots=shots, profiles=profiles, edit=edit)


def _told(found: dict[str, dict[str, Build]], out: Path | None, *, figures_for: str) -> None:
    head = ("build", "wall s", "of cold", "CPU s", "picture CPU s", "of cold", "pictures", "jobs", "largest MB")
    print(table(head, [row for label, builds in found.items() for row in _rows(label, builds)]))
    same = {label: _same_film(label, builds) for label, builds in found.items()}
    promised = [(label, builds) for label, builds in found.items() if label.startswith(figures_for)]
    figures = [figure for label, builds in promised for figure in _figures(label, builds)]
    written(out, {"episodes": plain(found), "same_film": same}, figures)


if __name__ == "__main__":
    main()

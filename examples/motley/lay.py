"""Lays a library and an episode over a folder of media and its MANIFEST.tsv, without copying any of it."""

import csv
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle, groupby, islice
from pathlib import Path

_SEEN = ("video/", "image/", "animation/")
_ROLES = {
    "video": "cinematography",
    "animation": "animation",
    "image": "photography",
    "music": "music",
    "voice": "voice",
}
_SHOTS_A_SCENE = 20
_LONGEST = 3
"""Seconds of a clip that the film shows."""
_INTO = cycle(["dissolve 12f", None, None, "dissolve 8f", None, "fade 10f", None])
_STILL_FITS = cycle(["contain", "cover", "blur"])


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One row of MANIFEST.tsv."""

    path: str
    origin: str
    licence: str
    duration: Fraction | None
    """Seconds, as a probe by others found; None where it did not."""

    @property
    def id(self) -> str:
        """The path as a contribution's id: without slashes."""
        return self.path.replace("/", " - ")

    @property
    def kind(self) -> str:
        """``video``, ``music``..."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "audio" else parts[0]


def _files(media: Path) -> Iterator[File]:
    with (media / "MANIFEST.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            duration = Fraction(row["duration_s"]) if row["duration_s"] else None
            yield File(path=row["path"], origin=row["origin"], licence=row["licence"], duration=duration)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML basic string


def _giver(file: File) -> str:
    """Who the file is from: the project that published it."""
    return file.origin.split(" :: ")[0].strip() or "Unknown"


def _library(files: list[File]) -> str:
    givers = {giver: f"giver-{number}" for number, giver in enumerate(sorted({_giver(file) for file in files}), 1)}
    lines = [f"[[contributor]]\nid = {_quoted(id_)}\nname = {_quoted(giver)}\n" for giver, id_ in givers.items()]
    lines.extend(
        f"[[contribution]]\nid = {_quoted(file.id)}\nfile = {_quoted('media/' + file.path)}\n"
        f'by = ["{givers[_giver(file)]}"]\nrole = {_quoted(_ROLES.get(file.kind, "sound"))}\n'
        f"licence = {_quoted(file.licence)}\n"
        for file in files
    )
    return "\n".join(lines)


def _shot(file: File, before: File | None) -> str:
    lines = ["  [[scene.shot]]", f"  use = {_quoted(file.id)}"]
    if file.kind == "video":
        if file.duration is not None and file.duration > _LONGEST + 2:
            lines += ["  in = 1", f"  for = {_LONGEST}"]
        room = min(_shown(file), _shown(before)) if before else Fraction(0)
    else:
        lines.append("  for = 2.5")
        room = min(Fraction(5, 2), _shown(before)) if before else Fraction(0)
    if file.kind == "image":
        lines.append(f'  fit = "{next(_STILL_FITS)}"')
    into = next(_INTO)
    if into is not None and room > Fraction(3, 2):
        lines.append(f'  into = "{into}"')
    return "\n".join(lines)


def _shown(file: File) -> Fraction:
    """Seconds that the film shows of a file, at least."""
    if file.kind != "video":
        return Fraction(5, 2)
    return min(file.duration or Fraction(0), Fraction(_LONGEST))


def _room_for_voices(shots: list[File]) -> int:
    """How many voices, one every two seconds, begin well within a scene."""
    return min(8, int(sum(_shown(file) for file in shots)) // 3)


def _scene(number: int, title: str, shots: list[File], music: File, voices: list[File]) -> str:
    lines = [f'[[scene]]\nid = "scene-{number}"\ntitle = {_quoted(title)}']
    lines.append(
        f'  [[scene.music]]\n  use = {_quoted(music.id)}\n  until = "end"\n  loop = true\n  gain = -3\n  fade_out = 1'
    )
    for place, voice in enumerate(voices):
        lines.append(f"  [[scene.voice]]\n  use = {_quoted(voice.id)}\n  at = {2 + 2 * place}")
    lines.append(f"  [[scene.shot]]\n  text = {_quoted(title)}\n  for = 2")
    lines += [_shot(file, before) for before, file in zip([None, *shots], shots, strict=False)]
    return "\n".join(lines)


def _scenes(seen: list[File], heard: list[File]) -> Iterator[str]:
    songs = cycle(sorted((file for file in heard if file.kind == "music"), key=lambda file: file.path))
    voices = cycle(sorted((file for file in heard if file.kind != "music"), key=lambda file: file.path))
    number = 0
    for kind, group in groupby(seen, key=lambda file: file.kind):
        files = list(group)
        for start in range(0, len(files), _SHOTS_A_SCENE):
            number += 1
            title = f"{kind.capitalize()} {start // _SHOTS_A_SCENE + 1}"
            shots = files[start : start + _SHOTS_A_SCENE]
            yield _scene(number, title, shots, next(songs), list(islice(voices, _room_for_voices(shots))))


def lay(media: Path, folder: Path) -> Path:
    """Write FOLDER/library (with a link to ``media``) and FOLDER/episode.toml; the manifest's path."""
    left_out = tomllib.loads(Path(__file__).with_name("left_out.toml").read_text(encoding="utf-8"))
    files = [file for file in _files(media) if file.path not in left_out]
    seen = [file for file in files if file.path.startswith(_SEEN)]
    heard = [file for file in files if file.path.startswith("audio/")]
    library = folder / "library"
    library.mkdir(parents=True, exist_ok=True)
    link = library / "media"
    if not link.is_symlink():
        link.symlink_to(media.resolve(), target_is_directory=True)
    (library / "contributions.toml").write_text(_library([*seen, *heard]), encoding="utf-8")
    manifest = folder / "episode.toml"
    head = 'format = 1\ntitle = "Motley"\nslug = "motley"\ndelivery = ["proxy"]\n\n[each]\nfit = "blur"\n'
    opening = (
        '[[scene]]\nid = "opening"\ntitle = "Opening"\n  [[scene.shot]]\n  card = "ident"\n'
        '  [[scene.shot]]\n  card = "title"\n  into = "dissolve 12f"'
    )
    closing = '[[scene]]\nid = "credits"\ntitle = "Credits"\n  [[scene.shot]]\n  card = "credits"\n'
    manifest.write_text("\n\n".join([head, opening, *_scenes(seen, heard), closing]), encoding="utf-8")
    return manifest

"""A production of any length, laid by rule: a crowd's library, scenes of fifteen shots, music, voices, credits."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from benchmarks.sources import Source, listing, made_sources
from examples.makers.footage import bustle
from examples.makers.sounds import write_sound
from examples.makers.talk import talk

_SOURCES = 40
_CLIP_SECONDS = Fraction(12)
_LENGTHS = (48, 66, 78, 90, 102)
"""Programme frames of shots, in turn: 3.2 s in the mean, so that 426 of them make 22 minutes."""
_SHOTS_A_SCENE = 15
_DISSOLVE_EVERY, _LOWER_THIRD_EVERY = 4, 5
_SONGS = ("song-1.mp3", "song-2.ogg", "song-3.flac", "song-4.m4a")
_VOICES = ("talk-1.wav", "talk-2.opus", "talk-3.mp3", "talk-4.m4a", "talk-5.flac")
_SONG_SECONDS, _VOICE_SECONDS = 50, 9
_NAMES = tuple(f"Contributor {number}" for number in range(1, 38))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What somebody changed since the first cut."""

    still: bool = False
    """A still in the middle of the film is framed otherwise; it makes no sound."""
    sound: bool = False
    """A clip in the middle of the film begins six frames later; so does its sound."""
    trim: bool = False
    """The first shot of the first scene is a frame shorter."""
    gain: bool = False
    """The first voice is 2 dB softer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What the production is cut from."""

    folder: Path
    seen: tuple[Source, ...]
    songs: tuple[str, ...]
    """Contribution ids."""
    voices: tuple[str, ...]
    """Contribution ids."""


def made_sounds(folder: Path) -> list[Source]:
    """Four songs and five voices in ``folder``; what is there already stays."""
    heard = [*((name, bustle, _SONG_SECONDS) for name in _SONGS), *((name, talk, _VOICE_SECONDS) for name in _VOICES)]
    for number, (name, made, seconds) in enumerate(heard):
        if not (folder / name).is_file():
            # Opus knows 48 kHz alone.
            rate = 48_000 if name.endswith((".opus", ".ogg")) else 44_100
            write_sound(folder / name, made(seconds=seconds, seed=900 + number, rate=rate), rate=rate)
    return [Source(name=Path(name).stem, file=name, size=(0, 0)) for name, _, _ in heard]


def made_library(folder: Path, *, height: int) -> Library:
    """Forty clips and stills and nine sounds in ``folder``; what is there already stays."""
    seen = made_sources(folder, range(_SOURCES), seconds=_CLIP_SECONDS, height=height)
    sounds = made_sounds(folder)
    (folder / "contributions.toml").write_text(listing([*seen, *sounds], _NAMES), encoding="utf-8")
    names = tuple(source.name for source in sounds)
    return Library(folder=folder, seen=seen, songs=names[: len(_SONGS)], voices=names[len(_SONGS) :])


def _plain(number: int) -> bool:
    """Whether no dissolve touches this shot."""
    return number % _DISSOLVE_EVERY != 0 and (number + 1) % _DISSOLVE_EVERY != 0


def _edited(library: Library, shots: int, *, still: bool) -> int:
    """The shot that an edit is made to: the first such one in the second half of the film, or else in the first.

    Raises ValueError where the film is too short to have one.
    """
    for number in (*range(shots // 2, shots), *range(shots // 2)):
        if library.seen[number % _SOURCES].still == still and _plain(number):
            return number
    raise ValueError(f"{shots} shots are too few for every edit: take 8 or more")


def _shot(library: Library, number: int, shots: int, edit: Edit) -> Iterator[str]:
    """The lines of one shot: a new part of its clip, or a new framing of its still, each time that it is used."""
    source = library.seen[number % _SOURCES]
    turn, turns = number // _SOURCES, -(-shots // _SOURCES)
    frames = _LENGTHS[number % len(_LENGTHS)] - (edit.trim and number == 0)
    yield f'[[scene.shot]]\nuse = {json.dumps(source.name)}\nfor = "{frames}f"'
    if source.still:
        moved = edit.still and number == _edited(library, shots, still=True)
        yield f'fit = "cover"\nfocus = "0.5,{(turn + 0.5 * moved + 0.25) / (turns + 1):.5f}"'
    else:
        room = int(_CLIP_SECONDS * 24) - max(_LENGTHS) - 6
        moved = edit.sound and number == _edited(library, shots, still=False)
        yield f'in = "{turn * room // turns + 6 * moved}f"'
    if number % _SHOTS_A_SCENE and not number % _DISSOLVE_EVERY:
        yield 'into = "dissolve 12f"'
    if not number % _LOWER_THIRD_EVERY:
        yield "lower_third = true"


def _scene(library: Library, scene: int, shots: int, edit: Edit) -> Iterator[str]:
    yield f'[[scene]]\nid = "scene-{scene + 1}"\ntitle = "Part {scene + 1}"'
    song = library.songs[scene % len(library.songs)]
    yield f'[[scene.music]]\nuse = "{song}"\nin = {scene % 7}\nuntil = "end"\nloop = true\ngain = -3\nfade_out = 1'
    for place in range(2):
        voice = library.voices[(scene + place) % len(library.voices)]
        softer = "\ngain = -2" if edit.gain and scene == place == 0 else ""
        yield f'[[scene.voice]]\nuse = "{voice}"\nin = {scene % 5 / 2}\nfor = 3\nat = {0.5 + place * 4}{softer}'
    for number in range(scene * _SHOTS_A_SCENE, min((scene + 1) * _SHOTS_A_SCENE, shots)):
        yield from _shot(library, number, shots, edit)


def laid(
    library: Library, manifest: Path, *, shots: int, profiles: dict[str, str] | None = None, edit: Edit | None = None
) -> Path:
    """Write the production's manifest; ``profiles`` are tables of its own, as TOML by name. The manifest's path."""
    edit = edit or Edit()
    folder = json.dumps(str(library.folder.resolve()), ensure_ascii=False)
    lines = ["format = 1", f'title = "{shots} shots"', 'slug = "film"', f"library = [{folder}]", '[each]\nfit = "blur"']
    lines += [f"[profile.{name}]\n{table}" for name, table in (profiles or {}).items()]
    lines.append('[[scene]]\nid = "opening"\ntitle = "Opening"\n[[scene.shot]]\ncard = "title"')
    for scene in range(-(-shots // _SHOTS_A_SCENE)):
        lines += _scene(library, scene, shots, edit)
    lines.append('[[scene]]\nid = "ending"\ntitle = "Credits"\n[[scene.shot]]\ncard = "credits"')
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return manifest
